package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// numbers proposes numbers near 1 and near the bounds: multiples of multipleOf if there is one, otherwise whole numbers,
// then fractions.
func (f *flat) numbers(variant int, whole bool) (list []any) {
	one := big.NewRat(1, 1)
	var low, high, step *big.Rat
	for _, s := range f.parts {
		low, high = tightest(1, low, s.Minimum, s.ExclusiveMinimum), tightest(-1, high, s.Maximum, s.ExclusiveMaximum)
		if s.MultipleOf != nil {
			step = common(step, s.MultipleOf)
		}
	}
	fractions := !whole && step == nil && low != nil && high != nil
	if whole || step == nil {
		step = common(step, one)
	}
	for _, further := range []int{variant, -variant, variant + 1, -variant - 1} {
		for _, near := range []*big.Rat{one, low, high} {
			if near != nil {
				list = append(list, decimal(multiple(step, near, further)))
			}
		}
	}
	if fractions {
		part := new(big.Rat).Sub(high, low)
		part.Mul(part, big.NewRat(int64(variant+1), 1024))
		list = append(list, decimal(part.Add(low, part)))
	}
	return list
}

// tightest returns the bound that is tighter than the others: the highest if the sign is 1, the lowest if it is -1.
func tightest(sign int, bounds ...*big.Rat) (tight *big.Rat) {
	for _, bound := range bounds {
		if bound != nil && (tight == nil || bound.Cmp(tight) == sign) {
			tight = bound
		}
	}
	return tight
}

// multiple returns the largest multiple of the step that is not above a number, plus further steps.
func multiple(step, near *big.Rat, further int) *big.Rat {
	n := new(big.Rat).Quo(near, step)
	// Div rounds down, since the denominator of a Rat is positive.
	n.SetInt(new(big.Int).Div(n.Num(), n.Denom()))
	n.Add(n, new(big.Rat).SetInt64(int64(further)))
	return n.Mul(n, step)
}

func decimal(n *big.Rat) json.Number {
	digits, _ := n.FloatPrec()
	return json.Number(n.FloatString(digits))
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
func (f *flat) texts(name string, variant int) (list []any) {
	shortest, longest := f.limits(func(s *jsonschema.Schema) (int, int) { return min(s.MinLength, 1<<20), s.MaxLength })
	var patterns []string
	for _, s := range f.parts {
		if known, ok := formats()[s.Format]; ok {
			text := fmt.Sprintf(known.Layout, known.First+variant%known.Count)
			if missing := shortest - len(text); missing > 0 && strings.HasPrefix(text, "https:") {
				text += strings.Repeat("x", missing)
			}
			list = append(list, text)
		}
		if s.Pattern != nil {
			patterns = append(patterns, s.Pattern.String())
		}
	}
	slices.SortStableFunc(patterns, func(a, b string) int { return place(a) - place(b) })
	parsed := make([]*syntax.Regexp, len(patterns))
	for i, pattern := range patterns {
		parsed[i], _ = syntax.Parse(pattern, syntax.Perl) // the library has parsed it, too
	}
	propose := func(text string) {
		if variant > 0 { // the sample of a prefix is the same for each
			list = append(list, text+strconv.Itoa(variant+1))
		}
		list = append(list, text)
	}
	// The number of repetitions determines the length.
	for _, turns := range []int{1, 0, shortest, shortest/2 + 1, longest / 2} {
		var joined strings.Builder // which all patterns may match
		for _, re := range parsed {
			start := joined.Len()
			sample(&joined, re, min(turns, 256), variant)
			propose(joined.String()[start:])
		}
		if len(parsed) > 1 {
			propose(joined.String())
		}
	}
	return append(list, named(cmp.Or(name, "text"), variant, shortest, longest))
}

// place orders patterns by where they match: at the start, anywhere or from start to end, at the end.
func place(pattern string) (n int) {
	if strings.HasSuffix(pattern, "$") {
		n++
	}
	if !strings.HasPrefix(pattern, "^") {
		n++
	}
	return n
}

func named(name string, variant, shortest, longest int) string {
	if variant > 0 {
		name += strconv.Itoa(variant + 1)
	}
	runes := []rune(name)
	if len(runes) > longest && variant > 0 {
		// There is no room for the name and a number: only the first letters differ.
		runes = []rune(strconv.FormatInt(int64(variant), 36) + name)
	}
	return string(runes[:min(len(runes), longest)]) + strings.Repeat("x", max(0, shortest-len(runes)))
}

// formats are layouts of the well-known formats, each with a range of numbers.
var formats = load[map[string]struct {
	Layout       string
	First, Count int
}]("formats.json")

// sample writes a text that matches the expression.
func sample(b *strings.Builder, re *syntax.Regexp, turns, variant int) {
	const longest = 1 << 14
	repeat := func(least, most int) {
		n := max(least, turns)
		if most >= 0 {
			n = min(n, most)
		}
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
		repeat(1, 1)
	case syntax.OpStar:
		repeat(0, -1)
	case syntax.OpPlus:
		repeat(1, -1)
	case syntax.OpQuest:
		repeat(0, 1)
	case syntax.OpRepeat:
		repeat(re.Min, re.Max)
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
