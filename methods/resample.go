package methods

import "math"

const (
	// transcribedRate is the sample rate of a transcription session.
	transcribedRate = 24_000
	// resamplerZeros is the number of zero crossings of the filter on each side.
	resamplerZeros = 12
	// resamplerPhases is the number of positions between two samples for which the
	// filter is computed.
	resamplerPhases = 256
)

// A resampler resamples audio to transcribedRate with a windowed sinc filter.
// Frequencies above the Nyquist frequency of either rate are removed, to avoid
// aliasing.
type resampler struct {
	rate   int64
	filter [][]float32 // by phase
	reach  int64       // of the filter on each side, in samples

	input []float32 // samples that are still needed
	first int64     // index of the first of them in the whole input
	next  int64     // index of the next output sample
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
		for i := range taps { // normalized, so that a constant signal is unchanged
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

// add adds samples, and appends the output that no longer depends on later ones
// to dst.
func (r *resampler) add(dst, samples []float32) []float32 {
	if r.filter == nil {
		return append(dst, samples...)
	}
	r.input = append(r.input, samples...)
	for {
		position := r.next * r.rate // in samples, times transcribedRate
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
	end := r.first + int64(len(r.input)) // of the input
	for r.next*r.rate/transcribedRate < end {
		before := len(dst)
		dst = r.add(dst, make([]float32, r.reach))
		if len(dst) == before {
			break
		}
	}
	// Drop the output for the silence that was added.
	if over := r.next - (end*transcribedRate+r.rate-1)/r.rate; over > 0 {
		dst = dst[:max(0, int64(len(dst))-over)]
	}
	return dst
}
