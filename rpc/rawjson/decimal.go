package rawjson

import (
	"bytes"
	"math/big"
	"strconv"
)

// A Decimal is a number as digits, with the decimal point before the first,
// times a power of ten. Converting to it takes time linear in the text, because
// nothing is computed: 1e999999999 costs no more than 1.
type Decimal struct {
	negative bool
	digits   []byte // without zeros at either end; none for 0
	exponent int64
}

// maxExponent replaces exponents that do not fit.
const maxExponent = 1 << 60

// Decimal returns the number as a Decimal. A value of another kind is 0.
func (v Value) Decimal() (d Decimal) {
	text := v.text
	if v.Kind() != '0' {
		return d
	}
	negative := text[0] == '-'
	if negative {
		text = text[1:]
	}
	if i := bytes.IndexAny(text, "eE"); i >= 0 {
		var err error
		if d.exponent, err = strconv.ParseInt(string(bytes.TrimPrefix(text[i+1:], []byte("+"))), 10, 64); err != nil || d.exponent > maxExponent || d.exponent < -maxExponent {
			d.exponent = maxExponent
			if text[i+1] == '-' {
				d.exponent = -maxExponent
			}
		}
		text = text[:i]
	}
	whole, fraction, found := bytes.Cut(text, []byte{'.'})
	digits := whole
	if found {
		digits = append(append(make([]byte, 0, len(text)), whole...), fraction...)
	}
	d.digits = bytes.TrimLeft(digits, "0")
	d.exponent += int64(len(whole) - (len(digits) - len(d.digits)))
	d.digits = bytes.TrimRight(d.digits, "0")
	if len(d.digits) == 0 {
		return Decimal{}
	}
	d.negative = negative
	return d
}

// Whole reports whether the number is an integer, in any notation.
func (d Decimal) Whole() bool { return d.exponent >= int64(len(d.digits)) }

// Int returns the number as an int, or false if it is not an integer or out of
// range.
func (d Decimal) Int() (int, bool) {
	if len(d.digits) == 0 {
		return 0, true
	}
	if !d.Whole() || d.exponent > 20 {
		return 0, false
	}
	text := make([]byte, 0, 21)
	if d.negative {
		text = append(text, '-')
	}
	text = append(text, d.digits...)
	for range d.exponent - int64(len(d.digits)) {
		text = append(text, '0')
	}
	n, err := strconv.Atoi(string(text))
	return n, err == nil
}

// AppendTo appends a canonical text: it is equal for equal numbers.
func (d Decimal) AppendTo(dst []byte) []byte {
	if d.negative {
		dst = append(dst, '-')
	}
	dst = append(dst, d.digits...)
	dst = append(dst, 'e')
	return strconv.AppendInt(dst, d.exponent, 10)
}

// Bounds on numbers for arithmetic, beyond the range of doubles.
const (
	maxRatDigits   = 400
	maxRatExponent = 400
)

// Rat returns the number as a [big.Rat], or false if it has more than 400
// digits or an exponent beyond ±400.
func (d Decimal) Rat() (*big.Rat, bool) {
	if len(d.digits) > maxRatDigits || d.exponent > maxRatExponent || d.exponent < -maxRatExponent {
		return nil, false
	}
	return d.rat(), true
}

// Cmp compares the number with a bound returned by [Decimal.Rat]. It returns
// -1, 0 or +1 as the number is less than, equal to, or greater than the bound.
func (d Decimal) Cmp(bound *big.Rat) int {
	// Beyond the range of bounds the exact value does not matter.
	d.exponent = max(min(d.exponent, maxRatExponent+1), -maxRatExponent-maxRatDigits)
	if len(d.digits) > maxRatDigits {
		d.digits = append(bytes.Clone(d.digits[:maxRatDigits]), '1')
	}
	return d.rat().Cmp(bound)
}

func (d Decimal) rat() *big.Rat {
	text := make([]byte, 0, len(d.digits)+16)
	if d.negative {
		text = append(text, '-')
	}
	text = append(append(text, "0."...), d.digits...)
	text = append(text, 'e')
	r, ok := new(big.Rat).SetString(string(strconv.AppendInt(text, d.exponent, 10)))
	if !ok {
		panic("rawjson: invalid number: " + string(text))
	}
	return r
}
