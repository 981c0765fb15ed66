package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"math/big"
	"regexp/syntax"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// number makes a number within the bounds, near 1 where that is free to choose.
func (f *flat) number(whole bool, variant int) json.RawMessage {
	var low, high, step *big.Rat
	var above, below bool // whether the bounds themselves are excluded
	if whole {
		step = big.NewRat(1, 1)
	}
	for _, s := range f.parts {
		for _, bound := range []struct {
			raw      json.RawMessage
			excluded bool
		}{{s.Minimum, false}, {s.ExclusiveMinimum, true}} {
			if n := rational(bound.raw); n != nil && (low == nil || n.Cmp(low) > 0 || n.Cmp(low) == 0 && bound.excluded) {
				low, above = n, bound.excluded
			}
		}
		for _, bound := range []struct {
			raw      json.RawMessage
			excluded bool
		}{{s.Maximum, false}, {s.ExclusiveMaximum, true}} {
			if n := rational(bound.raw); n != nil && (high == nil || n.Cmp(high) < 0 || n.Cmp(high) == 0 && bound.excluded) {
				high, below = n, bound.excluded
			}
		}
		if n := rational(s.MultipleOf); n != nil && n.Sign() > 0 {
			step = common(step, n)
		}
	}
	n := new(big.Rat).SetInt64(1)
	if low != nil && n.Cmp(low) < 0 {
		n.Set(low)
	}
	if high != nil && n.Cmp(high) > 0 {
		n.Set(high)
	}
	if step == nil {
		return decimal(spread(n, low, high, above, below, variant))
	}
	k := floor(new(big.Rat).Quo(n, step))
	n.Mul(k, step)
	if low != nil && (n.Cmp(low) < 0 || above && n.Cmp(low) == 0) {
		n.Add(n, step)
	} else if below && high != nil && n.Cmp(high) == 0 {
		n.Sub(n, step)
	}
	up := new(big.Rat).Mul(new(big.Rat).SetInt64(int64(variant)), step)
	if next := new(big.Rat).Add(n, up); high == nil || next.Cmp(high) < 0 || !below && next.Cmp(high) == 0 {
		return decimal(next)
	}
	return decimal(n.Sub(n, up))
}

// spread picks a number between two bounds where every number will do.
func spread(n, low, high *big.Rat, above, below bool, variant int) *big.Rat {
	one := big.NewRat(1, 1)
	shift := new(big.Rat).SetInt64(int64(variant))
	switch {
	case low != nil && high != nil:
		if variant == 0 && (n.Cmp(low) > 0 || !above) && (n.Cmp(high) < 0 || !below) {
			return n
		}
		// low + (high-low)/2^(variant+1): finite decimals, all different, none at a bound.
		gap := new(big.Rat).Sub(high, low)
		gap.Quo(gap, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(min(variant, 1000)+1))))
		return gap.Add(gap, low)
	case low != nil:
		if n.Cmp(low) == 0 && above {
			n.Add(n, one)
		}
		return n.Add(n, shift)
	case high != nil:
		if n.Cmp(high) == 0 && below {
			n.Sub(n, one)
		}
		return n.Sub(n, shift)
	}
	return n.Add(n, shift)
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

func floor(r *big.Rat) *big.Rat {
	// Div rounds down for the positive divisors that a Rat has.
	return new(big.Rat).SetInt(new(big.Int).Div(r.Num(), r.Denom()))
}

func decimal(r *big.Rat) json.RawMessage {
	if r.IsInt() {
		return json.RawMessage(r.Num().String())
	}
	digits, _ := r.FloatPrec()
	return json.RawMessage(r.FloatString(digits))
}

// texts proposes strings: of the format, of the pattern, and last the plain name.
func (f *flat) texts(name string, variant int) iter.Seq[string] {
	shortest, longest := 0, 1<<30
	var patterns, formats []string
	for _, s := range f.parts {
		if s.MinLength != nil {
			shortest = max(shortest, min(*s.MinLength, 1<<20))
		}
		if s.MaxLength != nil {
			longest = min(longest, *s.MaxLength)
		}
		if s.Pattern != "" {
			patterns = append(patterns, s.Pattern)
		}
		if s.Format != "" {
			formats = append(formats, s.Format)
		}
	}
	return func(yield func(string) bool) {
		for _, format := range formats {
			text := formatted(format, variant)
			if text == "" {
				continue
			}
			if missing := shortest - len(text); missing > 0 && strings.HasPrefix(text, "https:") {
				text += strings.Repeat("x", missing)
			}
			if !yield(text) {
				return
			}
		}
		for _, pattern := range patterns {
			re, err := syntax.Parse(pattern, syntax.Perl)
			if err != nil {
				continue
			}
			// How often the open-ended repetitions turn settles the length.
			for _, turns := range []int{1, 0, shortest, shortest/2 + 1, longest / 2} {
				var b strings.Builder
				sample(&b, re, min(turns, 256), variant)
				if !yield(b.String()) {
					return
				}
			}
		}
		yield(named(cmp.Or(name, "text"), variant, shortest, longest))
	}
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
	// Too short for a name and a number: one letter in a row differs.
	digits := []rune(strconv.FormatInt(int64(variant), 36))
	return string(append(digits, runes...)[:longest])
}

// formatted is a text of a well-known format, empty for others.
func formatted(format string, variant int) string {
	day := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC).AddDate(0, 0, variant)
	switch format {
	case "date-time":
		return day.Format(time.RFC3339)
	case "date":
		return day.Format(time.DateOnly)
	case "time":
		return fmt.Sprintf("12:%02d:00Z", variant%60)
	case "duration":
		return fmt.Sprintf("PT%dM", 1+variant)
	case "email", "idn-email":
		return fmt.Sprintf("mock%d@example.test", 1+variant)
	case "hostname", "idn-hostname":
		return fmt.Sprintf("host%d.example.test", 1+variant)
	case "ipv4":
		return fmt.Sprintf("192.0.2.%d", 1+variant%254)
	case "ipv6":
		return fmt.Sprintf("2001:db8::%x", 1+variant%0xfffe)
	case "uuid":
		return fmt.Sprintf("00000000-0000-4000-8000-%012x", 1+variant)
	case "uri", "url", "uri-reference", "iri", "iri-reference", "uri-template":
		return fmt.Sprintf("https://example.test/%d", 1+variant)
	case "json-pointer":
		return fmt.Sprintf("/%d", variant)
	case "relative-json-pointer":
		return strconv.Itoa(variant)
	case "regex":
		return fmt.Sprintf("^%d$", variant)
	}
	return ""
}

// sample writes a text that the expression matches.
func sample(b *strings.Builder, re *syntax.Regexp, turns, variant int) {
	const longest = 1 << 16
	repeat := func(n int) {
		for ; n > 0 && b.Len() < longest; n-- {
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

// pick takes a character of a class, which is a list of ranges: a readable one if there is one.
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
