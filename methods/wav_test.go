package methods

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
)

// waveOf returns a WAV file of a signal in the range -1 to 1.
func waveOf(f pcmFormat, frames int, signal func(frame, channel int) float64) []byte {
	var data bytes.Buffer
	for frame := range frames {
		for channel := range f.channels {
			v := signal(frame, channel)
			switch {
			case f.float && f.bits == 64:
				binary.Write(&data, binary.LittleEndian, v)
			case f.float:
				binary.Write(&data, binary.LittleEndian, float32(v))
			case f.bits == 8:
				data.WriteByte(byte(math.Round(v*127) + 128))
			default:
				n := int32(math.Round(v * (1<<31 - 1)))
				b := binary.LittleEndian.AppendUint32(nil, uint32(n))
				data.Write(b[4-f.bits/8:])
			}
		}
	}
	return wave(f, data.Bytes(), uint32(data.Len()))
}

// wave returns a WAV file of samples, with the size that its header has.
func wave(f pcmFormat, data []byte, size uint32) []byte {
	coding := uint16(1)
	if f.float {
		coding = 3
	}
	var file bytes.Buffer
	file.WriteString("RIFF\x00\x00\x00\x00WAVE" + "LIST\x03\x00\x00\x00abc\x00" + "fmt \x10\x00\x00\x00")
	for _, v := range []any{coding, uint16(f.channels), uint32(f.rate), uint32(f.rate * f.channels * f.bits / 8), uint16(f.channels * f.bits / 8), uint16(f.bits)} {
		binary.Write(&file, binary.LittleEndian, v)
	}
	file.WriteString("data")
	binary.Write(&file, binary.LittleEndian, size)
	file.Write(data)
	return file.Bytes()
}

func contentOf(name, contentType string, text []byte) *content {
	return &content{ReaderAt: bytes.NewReader(text), Closer: io.NopCloser(nil), name: name, contentType: contentType, size: int64(len(text))}
}

// resampled returns the resampled audio of a file.
func resampled(t *testing.T, c *content) []float32 {
	t.Helper()
	found, err := c.findPCM()
	if err != nil {
		t.Fatal(err)
	}
	samples, to := found.reader(c), newResampler(found.rate)
	var out []float32
	for {
		read, err := samples.next(nil)
		out = to.add(out, read)
		if err == io.EOF {
			return to.end(out)
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// TestResample checks that a tone is preserved for all rates, sample sizes and
// numbers of channels.
func TestResample(t *testing.T) {
	for _, rate := range []int{8000, 11025, 16000, 22050, 24000, 32000, 44100, 44101, 48000, 96000, 192000} {
		for _, f := range []pcmFormat{
			{rate, 1, 16, false}, {rate, 2, 24, false}, {rate, 3, 32, true}, {rate, 1, 8, false}, {rate, 2, 32, false}, {rate, 1, 64, true},
		} {
			const hertz, seconds = 440, 0.5
			frames := int(float64(rate) * seconds)
			signal := func(frame, channel int) float64 {
				v := 0.5 * math.Sin(2*math.Pi*hertz*float64(frame)/float64(rate))
				if channel == 0 { // the mean of the channels is the tone
					return v / float64(f.channels) * float64(f.channels) * 0.5
				}
				return v * (float64(f.channels) - 0.5) / float64(f.channels-1)
			}
			if f.channels == 1 {
				signal = func(frame, _ int) float64 { return 0.5 * math.Sin(2*math.Pi*hertz*float64(frame)/float64(rate)) }
			}
			got := resampled(t, contentOf("a.wav", "", waveOf(f, frames, signal)))
			if want := int(math.Ceil(float64(frames) * transcribedRate / float64(rate))); len(got) != want {
				t.Fatalf("%+v: %d samples, want %d", f, len(got), want)
			}
			worst := 0.0
			for i := 1000; i < len(got)-1000; i++ { // silence affects the ends
				want := 0.5 * math.Sin(2*math.Pi*hertz*float64(i)/transcribedRate)
				worst = max(worst, math.Abs(float64(got[i])-want))
			}
			limit := 0.003
			if f.bits == 8 {
				limit = 0.015
			}
			if worst > limit {
				t.Errorf("%+v: off by %.4f", f, worst)
			}
		}
	}
}

// TestResampleAliasing checks that a tone above the Nyquist frequency is removed.
func TestResampleAliasing(t *testing.T) {
	const rate, hertz = 48000, 20000
	file := waveOf(pcmFormat{rate, 1, 16, false}, rate/2, func(frame, _ int) float64 {
		return 0.9 * math.Sin(2*math.Pi*hertz*float64(frame)/rate)
	})
	for i, v := range resampled(t, contentOf("a.wav", "", file))[500:11500] {
		if math.Abs(float64(v)) > 0.01 {
			t.Fatalf("sample %d is %v", i, v)
		}
	}
}

// TestResampleInPieces checks that the result does not depend on the size of reads.
func TestResampleInPieces(t *testing.T) {
	samples := make([]float32, 5000)
	for i := range samples {
		samples[i] = float32(math.Sin(float64(i*i) / 3000))
	}
	whole := newResampler(44100)
	want := whole.end(whole.add(nil, samples))
	for _, size := range []int{1, 7, 1000} {
		r := newResampler(44100)
		var got []float32
		for at := 0; at < len(samples); at += size {
			got = r.add(got, samples[at:min(at+size, len(samples))])
		}
		got = r.end(got)
		if len(got) != len(want) {
			t.Fatalf("in pieces of %d: %d samples, want %d", size, len(got), len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("in pieces of %d: sample %d is %v, want %v", size, i, got[i], want[i])
			}
		}
	}
}

func TestFindPCM(t *testing.T) {
	mono := pcmFormat{8000, 1, 16, false}
	good := wave(mono, []byte{1, 0, 2, 0}, 4)
	extensible := bytes.Replace(good, []byte("fmt \x10\x00\x00\x00\x01\x00"), []byte("fmt \x28\x00\x00\x00\xfe\xff"), 1)
	at := bytes.Index(extensible, []byte("data"))
	extensible = append(append(append([]byte(nil), extensible[:at]...), "\x16\x00\x10\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"...), extensible[at:]...)
	for _, test := range []struct {
		name, file, kind string
		text             []byte
		want             pcmFormat
		size             int64
		fault            string
	}{
		{"plain", "a.wav", "", good, mono, 4, ""},
		{"extensible", "a.wav", "", extensible, mono, 4, ""},
		{"of unknown size", "a.wav", "", wave(mono, make([]byte, 10), math.MaxUint32), mono, 10, ""},
		{"of size 0", "a.wav", "", wave(mono, make([]byte, 10), 0), mono, 10, ""},
		{"cut off", "a.wav", "", wave(mono, make([]byte, 10), 1000), mono, 10, ""},
		{"by content, with another name", "a.mp3", "audio/mpeg", good, mono, 4, ""},
		{"pcm by name", "a.PCM", "", make([]byte, 6), pcmFormat{24000, 1, 16, false}, 6, ""},
		{"pcm by type", "a", "audio/pcm; rate=16000; channels=2", make([]byte, 8), pcmFormat{16000, 2, 16, false}, 8, ""},
		{"pcm with an invalid rate", "a", "audio/pcm;rate=x", nil, pcmFormat{}, 0, "is not a number"},
		{"mp3", "a.mp3", "", []byte("ID3..........................."), pcmFormat{}, 0, "neither WAV nor PCM"},
		{"empty", "a.wav", "", nil, pcmFormat{}, 0, "neither WAV nor PCM"},
		{"only the start", "a.wav", "", good[:12], pcmFormat{}, 0, "no audio data"},
		{"a truncated header", "a.wav", "", good[:40], pcmFormat{}, 0, "truncated"},
		{"samples first", "a.wav", "", []byte("RIFF\x00\x00\x00\x00WAVEdata\x04\x00\x00\x00abcd"), pcmFormat{}, 0, "header is missing"},
		{"compressed", "a.wav", "", bytes.Replace(good, []byte("fmt \x10\x00\x00\x00\x01"), []byte("fmt \x10\x00\x00\x00\x11"), 1), pcmFormat{}, 0, "compressed"},
		{"12 bits", "a.wav", "", wave(pcmFormat{8000, 1, 12, false}, nil, 0), pcmFormat{}, 0, "12 bits"},
		{"1 Hz", "a.wav", "", wave(pcmFormat{1, 1, 16, false}, nil, 0), pcmFormat{}, 0, "sample rate"},
		{"no channel", "a.wav", "", wave(pcmFormat{8000, 0, 16, false}, nil, 0), pcmFormat{}, 0, "channels"},
	} {
		got, err := contentOf(test.file, test.kind, test.text).findPCM()
		if test.fault != "" {
			if err == nil || !strings.Contains(err.Error(), test.fault) {
				t.Errorf("%s: %v", test.name, err)
			}
			continue
		}
		if err != nil || got.pcmFormat != test.want || got.size != test.size {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
	}
}

func FuzzWAVE(f *testing.F) {
	f.Add(wave(pcmFormat{8000, 1, 16, false}, []byte{1, 0, 2, 0}, 4))
	f.Add(wave(pcmFormat{44100, 2, 32, true}, make([]byte, 100), math.MaxUint32))
	f.Fuzz(func(t *testing.T, text []byte) {
		c := contentOf("a.wav", "", text)
		found, err := c.findPCM()
		if err != nil {
			return
		}
		samples, to := found.reader(c), newResampler(found.rate)
		total, read := 0, []float32(nil)
		for !errors.Is(err, io.EOF) {
			read, err = samples.next(read[:0])
			if err != nil && err != io.EOF {
				t.Fatal(err)
			}
			total += len(to.add(nil, read))
		}
		if total += len(to.end(nil)); total > 8*len(text)+8 {
			t.Errorf("%d samples of %d bytes", total, len(text))
		}
	})
}

// TestWAVEOfManyChunks checks that the number of reads is bounded.
func TestWAVEOfManyChunks(t *testing.T) {
	var chunks emptyChunks
	if _, err := findWAVE(&chunks, maxFileBytes); err == nil || chunks > 2*maxWAVEChunks {
		t.Errorf("%v after %d reads", err, chunks)
	}
}

// emptyChunks is a file of empty chunks that counts the reads.
type emptyChunks int

func (c *emptyChunks) ReadAt(p []byte, _ int64) (int, error) {
	*c++
	return copy(p, "LIST\x00\x00\x00\x00"), nil
}
