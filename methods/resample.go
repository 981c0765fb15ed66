package methods

import "math"

const (
	// transcribedRate is the number of samples a second that the transcription
	// session takes.
	transcribedRate = 24_000
	// The filter of the resampler reaches over so many zeros of its function to
	// either side.
	resamplerZeros = 12
	// It is computed for so many places between two samples.
	resamplerPhases = 256
)

// A resampler changes samples to transcribedRate, by the function sin(x)/x under
// a window. Frequencies that the slower of both rates cannot carry are left out,
// so that they do not sound as others.
type resampler struct {
	rate   int64
	filter [][]float32 // by phase
	reach  int64       // of the filter to either side

	input []float32 // that is not done with
	first int64     // the index of its first sample in the whole
	next  int64     // the index of the next output
}

func newResampler(rate int) *resampler {
	r := &resampler{rate: int64(rate)}
	if rate == transcribedRate {
		return r
	}
	cutoff := min(1, float64(transcribedRate)/float64(rate))
	width := resamplerZeros / cutoff
	r.reach = int64(math.Ceil(width)) + 1
	r.filter = make([][]float32, resamplerPhases)
	for phase := range r.filter {
		taps := make([]float32, 2*r.reach+1)
		sum := 0.0
		for i := range taps {
			x := float64(int64(i)-r.reach) - float64(phase)/resamplerPhases
			if math.Abs(x) < width {
				weight := sinc(x*cutoff) * (0.5 + 0.5*math.Cos(math.Pi*x/width))
				taps[i] = float32(weight)
				sum += weight
			}
		}
		for i := range taps { // so that silence and a constant stay what they are
			taps[i] /= float32(sum)
		}
		r.filter[phase] = taps
	}
	r.input = make([]float32, r.reach) // silence before the first sample
	r.first = -r.reach
	return r
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// add takes samples and appends to dst what can be said of the output by then.
func (r *resampler) add(dst, samples []float32) []float32 {
	if r.filter == nil {
		return append(dst, samples...)
	}
	r.input = append(r.input, samples...)
	for {
		position := r.next * r.rate // in parts of a sample, of which transcribedRate make one
		at := position / transcribedRate
		if at+r.reach >= r.first+int64(len(r.input)) {
			break
		}
		phase := position % transcribedRate * resamplerPhases / transcribedRate
		sum := float32(0)
		window := r.input[at-r.reach-r.first:]
		for i, weight := range r.filter[phase] {
			sum += weight * window[i]
		}
		dst = append(dst, sum)
		r.next++
	}
	if done := r.next*r.rate/transcribedRate - r.reach - r.first; done > 0 {
		done = min(done, int64(len(r.input)))
		r.input = r.input[:copy(r.input, r.input[done:])]
		r.first += done
	}
	return dst
}

// end appends the rest of the output.
func (r *resampler) end(dst []float32) []float32 {
	if r.filter == nil {
		return dst
	}
	end := r.first + int64(len(r.input)) // of the samples
	for r.next*r.rate/transcribedRate < end {
		before := len(dst)
		dst = r.add(dst, make([]float32, r.reach))
		if len(dst) == before {
			break
		}
	}
	// Of the silence that was added, nothing is wanted.
	if over := r.next - (end*transcribedRate+r.rate-1)/r.rate; over > 0 {
		dst = dst[:max(0, int64(len(dst))-over)]
	}
	return dst
}
