package rawjson

import (
	"bytes"
	"math/big"
	"strconv"
)

// A Decimal is a number taken apart: its digits, with a point before the first of
// them, times ten to the power of the exponent. That takes time linear in the
// text, since nothing is computed: 1e999999999 costs no more than 1.
type Decimal struct {
	negative bool
	digits   []byte // without zeros at either end; none for 0
	exponent int64
}

// maxExponent is what exponents with more digits than an int64 count as.
const maxExponent = 1 << 60

// Decimal takes a number apart. A value of another kind is 0.
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

// Whole reports whether the number has no fraction, however it is written.
func (d Decimal) Whole() bool { return d.exponent >= int64(len(d.digits)) }

// Int returns a whole number as an int, or false.
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

// AppendTo appends a text that is the same for all ways to write the number.
func (d Decimal) AppendTo(dst []byte) []byte {
	if d.negative {
		dst = append(dst, '-')
	}
	dst = append(dst, d.digits...)
	dst = append(dst, 'e')
	return strconv.AppendInt(dst, d.exponent, 10)
}

// Limits of what is computed with: more than doubles hold, and every decimal
// number that a program means.
const (
	maxRatDigits   = 400
	maxRatExponent = 400
)

// Rat returns the number if it is one to compute with: of at most 400 digits, and
// with an exponent from -400 to 400.
func (d Decimal) Rat() (*big.Rat, bool) {
	if len(d.digits) > maxRatDigits || d.exponent > maxRatExponent || d.exponent < -maxRatExponent {
		return nil, false
	}
	return d.rat(), true
}

// Cmp returns -1, 0 or +1 as the number is less than, equal to, or greater than
// one that [Decimal.Rat] has returned.
func (d Decimal) Cmp(bound *big.Rat) int {
	// Beyond the limits of a bound the number need not be known to the digit.
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
		panic("rawjson: " + string(text) + " is no number")
	}
	return r
}
