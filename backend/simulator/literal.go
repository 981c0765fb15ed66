package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"math/big"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// numbers proposes numbers near 1 and near the bounds: multiples of multipleOf if there is one, otherwise whole numbers,
// then fractions. For the later elements of an array it counts on from the first number that fits.
func (g *generator) numbers(to goal, f flat, whole bool) iter.Seq[value] {
	one := big.NewRat(1, 1)
	var bounds []*big.Rat
	var step *big.Rat
	for _, s := range f.parts {
		bounds = append(bounds, s.Minimum, s.ExclusiveMinimum, s.Maximum, s.ExclusiveMaximum)
		if s.MultipleOf != nil {
			step = common(step, s.MultipleOf)
		}
	}
	bounds = slices.DeleteFunc(bounds, func(bound *big.Rat) bool { return bound == nil })
	steps := []*big.Rat{step}
	if whole || step == nil {
		steps[0] = common(step, one)
	}
	if !whole && step == nil && len(bounds) > 0 {
		low, high := slices.MinFunc(bounds, (*big.Rat).Cmp), slices.MaxFunc(bounds, (*big.Rat).Cmp)
		room := new(big.Rat).Sub(high, low)
		steps = append(steps, room.Quo(room, big.NewRat(1024, 1)), new(big.Rat).Abs(low))
	}
	return func(yield func(value) bool) {
		for _, step := range steps {
			for _, beside := range []int{0, 1, -1} {
				for _, near := range append([]*big.Rat{one}, bounds...) {
					base, ok := multiple(step, near, beside)
					if !ok || to.variant > 0 && !g.accepts(to, base) {
						continue
					}
					for _, shift := range []int{to.variant, -to.variant} {
						if v, _ := multiple(step, near, beside+shift); !yield(v) {
							return
						}
					}
				}
			}
		}
	}
}

// multiple returns the largest multiple of the step that is not above a number, plus further steps.
func multiple(step, near *big.Rat, further int) (value, bool) {
	if step.Sign() == 0 {
		return value{}, false
	}
	n := new(big.Rat).Quo(near, step)
	// Div rounds down, since the denominator of a Rat is positive.
	n.SetInt(new(big.Int).Div(n.Num(), n.Denom()))
	n.Add(n, new(big.Rat).SetInt64(int64(further)))
	n.Mul(n, step)
	digits, _ := n.FloatPrec()
	return valueOf(json.Number(n.FloatString(digits))), true
}

// common is the least common multiple.
func common(a, b *big.Rat) *big.Rat {
	if a == nil {
		return b
	}
	top := new(big.Int).Mul(a.Num(), b.Num())
	top.Quo(top, new(big.Int).GCD(nil, nil, a.Num(), b.Num()))
	return new(big.Rat).SetFrac(top, new(big.Int).GCD(nil, nil, a.Denom(), b.Denom()))
}

// texts proposes strings: for the format, for the pattern, and the name.
func (f *flat) texts(name string, variant int) (list []string) {
	shortest, longest := 0, 1<<30
	var patterns, wanted []string
	for _, s := range f.parts {
		shortest, longest = max(shortest, min(s.MinLength, 1<<20)), lower(longest, s.MaxLength)
		if s.Pattern != nil {
			patterns = append(patterns, s.Pattern.String())
		}
		if s.Format != "" {
			wanted = append(wanted, s.Format)
		}
	}
	for _, format := range wanted {
		if known, ok := formats()[format]; ok {
			text := fmt.Sprintf(known.Layout, known.First+variant%known.Count)
			if missing := shortest - len(text); missing > 0 && strings.HasPrefix(text, "https:") {
				text += strings.Repeat("x", missing)
			}
			list = append(list, text)
		}
	}
	for _, pattern := range patterns {
		re, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			continue
		}
		// The number of repetitions determines the length.
		for _, turns := range []int{1, 0, shortest, shortest/2 + 1, longest / 2} {
			var b strings.Builder
			sample(&b, re, min(turns, 256), variant)
			list = append(list, b.String())
		}
	}
	return append(list, named(cmp.Or(name, "text"), variant, shortest, longest))
}

func named(name string, variant, shortest, longest int) string {
	if variant > 0 {
		name += strconv.Itoa(variant + 1)
	}
	if missing := shortest - utf8.RuneCountInString(name); missing > 0 {
		name += strings.Repeat("x", missing)
	}
	runes := []rune(name)
	if len(runes) <= longest {
		return name
	}
	if variant == 0 {
		return string(runes[:longest])
	}
	// There is no room for the name and a number: only the first letters differ.
	digits := []rune(strconv.FormatInt(int64(variant), 36))
	return string(append(digits, runes...)[:longest])
}

// formats are layouts of the well-known formats, each with a range of numbers.
var formats = load[map[string]struct {
	Layout       string
	First, Count int
}]("formats.json")

// patternSize returns the approximate number of instructions of a compiled pattern, 0 for one that Go cannot parse.
func patternSize(pattern string) int {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0
	}
	return size(re)
}

func size(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		n += size(sub)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return min(n, maxSchemaValues)
}

// sample writes a text that matches the expression.
func sample(b *strings.Builder, re *syntax.Regexp, turns, variant int) {
	const longest = 1 << 14
	repeat := func(n int) {
		for before := -1; n > 0 && b.Len() > before && b.Len() < longest; n-- {
			before = b.Len() // an empty repetition ends the loop
			sample(b, re.Sub[0], turns, variant)
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		b.WriteRune(pick(re.Rune, variant))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	case syntax.OpCapture:
		repeat(1)
	case syntax.OpStar:
		repeat(turns)
	case syntax.OpPlus:
		repeat(max(1, turns))
	case syntax.OpQuest:
		repeat(min(1, turns))
	case syntax.OpRepeat:
		n := max(re.Min, turns)
		if re.Max >= 0 {
			n = min(n, re.Max)
		}
		repeat(n)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			sample(b, sub, turns, variant)
		}
	case syntax.OpAlternate:
		sample(b, re.Sub[variant%len(re.Sub)], turns, variant)
	}
}

// pick returns a character of a class, which is a list of ranges, preferring readable ones.
func pick(ranges []rune, variant int) rune {
	for _, readable := range [][2]rune{{'a', 'z'}, {'A', 'Z'}, {'0', '9'}, {'!', '~'}, {0, utf8.MaxRune}} {
		for i := 0; i+1 < len(ranges); i += 2 {
			from, to := max(ranges[i], readable[0]), min(ranges[i+1], readable[1])
			if from <= to {
				return from + rune(variant)%(to-from+1)
			}
		}
	}
	return 'x'
}
