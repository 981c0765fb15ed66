package methods

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"path/filepath"
	"strconv"
	"strings"
)

// A pcmFormat is the format of PCM samples.
type pcmFormat struct {
	rate, channels int
	bits           int // 8 (unsigned), 16, 24 or 32; 32 or 64 for floats
	float          bool
}

const (
	minPCMRate, maxPCMRate = 4_000, 768_000
	maxPCMChannels         = 64
	// maxWAVEChunks bounds the chunks of a WAV file that precede the samples, each of
	// which takes a read. Usually there are a few.
	maxWAVEChunks = 4096
)

func (f pcmFormat) check() error {
	switch {
	case f.rate < minPCMRate || f.rate > maxPCMRate:
		return fmt.Errorf("its sample rate is %d Hz; %d to %d are supported", f.rate, minPCMRate, maxPCMRate)
	case f.channels < 1 || f.channels > maxPCMChannels:
		return fmt.Errorf("it has %d channels; 1 to %d are supported", f.channels, maxPCMChannels)
	case f.float && (f.bits == 32 || f.bits == 64), !f.float && (f.bits == 8 || f.bits == 16 || f.bits == 24 || f.bits == 32):
		return nil
	}
	return fmt.Errorf("its sample size of %d bits is not supported", f.bits)
}

// pcm is the part of a file that contains PCM samples.
type pcm struct {
	pcmFormat
	start, size int64
}

// errNotPCM means that a file is in another format.
var errNotPCM = errors.New("it is neither WAV nor PCM")

// findPCM returns the samples of a WAV file or a raw PCM file. The latter has the
// media type audio/pcm or the extension .pcm, and 16-bit little-endian samples at
// 24,000 Hz in one channel, unless the parameters rate and channels of the media
// type differ.
func (c *content) findPCM() (pcm, error) {
	head := make([]byte, 12)
	if n, err := c.ReadAt(head, 0); n == len(head) && string(head[:4]) == "RIFF" && string(head[8:]) == "WAVE" {
		return findWAVE(c, c.size)
	} else if err != nil && err != io.EOF {
		return pcm{}, err
	}
	kind, params, _ := mime.ParseMediaType(c.contentType)
	if kind != "audio/pcm" && !strings.EqualFold(filepath.Ext(c.name), ".pcm") {
		return pcm{}, errNotPCM
	}
	found := pcm{pcmFormat{rate: transcribedRate, channels: 1, bits: 16}, 0, c.size}
	for name, to := range map[string]*int{"rate": &found.rate, "channels": &found.channels} {
		if text, ok := params[name]; ok {
			n, err := strconv.Atoi(text)
			if err != nil {
				return pcm{}, fmt.Errorf("the %s of its media type is not a number", name)
			}
			*to = n
		}
	}
	return found, found.check()
}

// findWAVE reads the chunks of a WAV file up to the samples.
func findWAVE(r io.ReaderAt, size int64) (found pcm, err error) {
	const (
		integers, floats, extensible = 1, 3, 0xfffe
		unknownSize                  = math.MaxUint32 // written by programs that cannot seek back
	)
	head := make([]byte, 8)
	described := false
	at := int64(12)
	for chunks := 0; at+8 <= size && chunks < maxWAVEChunks; chunks++ {
		if _, err := r.ReadAt(head, at); err != nil {
			return pcm{}, err
		}
		at += 8
		length := int64(binary.LittleEndian.Uint32(head[4:]))
		switch string(head[:4]) {
		case "fmt ":
			format := make([]byte, min(length, 40))
			if len(format) < 16 || at+int64(len(format)) > size {
				return pcm{}, errors.New("its header is truncated")
			}
			if _, err := r.ReadAt(format, at); err != nil {
				return pcm{}, err
			}
			coding := binary.LittleEndian.Uint16(format)
			if coding == extensible && len(format) == 40 {
				coding = binary.LittleEndian.Uint16(format[24:])
			}
			if coding != integers && coding != floats {
				return pcm{}, fmt.Errorf("its samples are compressed (format %d)", coding)
			}
			found.pcmFormat = pcmFormat{
				rate:     int(min(binary.LittleEndian.Uint32(format[4:]), math.MaxInt32)),
				channels: int(binary.LittleEndian.Uint16(format[2:])),
				bits:     int(binary.LittleEndian.Uint16(format[14:])),
				float:    coding == floats,
			}
			if err := found.check(); err != nil {
				return pcm{}, err
			}
			described = true
		case "data":
			if !described {
				return pcm{}, errors.New("its header is missing")
			}
			found.start, found.size = at, min(length, size-at)
			if length == 0 || length == unknownSize {
				found.size = size - at
			}
			return found, nil
		}
		at += length + length%2
	}
	return pcm{}, errors.New("it has no audio data")
}

// A pcmReader reads samples in the range -1 to 1, mixed down to one channel.
type pcmReader struct {
	pcmFormat
	r      io.Reader
	buffer []byte
	held   int // bytes of an incomplete frame in the buffer
}

const pcmBufferBytes = 32 << 10

func (p pcm) reader(c *content) *pcmReader {
	return &pcmReader{pcmFormat: p.pcmFormat, r: io.NewSectionReader(c.ReaderAt, p.start, p.size), buffer: make([]byte, pcmBufferBytes)}
}

// next appends samples to dst. At the end it returns io.EOF, and an incomplete
// frame is dropped.
func (p *pcmReader) next(dst []float32) ([]float32, error) {
	n, err := p.r.Read(p.buffer[p.held:])
	p.held += n
	width := p.bits / 8
	frame := width * p.channels
	whole := p.held / frame * frame
	for at := 0; at < whole; at += frame {
		sum := float32(0)
		for channel := range p.channels {
			sum += p.sample(p.buffer[at+channel*width:])
		}
		dst = append(dst, sum/float32(p.channels))
	}
	p.held = copy(p.buffer, p.buffer[whole:p.held])
	return dst, err
}

// sample returns the first sample in b.
func (p *pcmReader) sample(b []byte) float32 {
	switch {
	case p.float && p.bits == 64:
		return finite(float32(math.Float64frombits(binary.LittleEndian.Uint64(b))))
	case p.float:
		return finite(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	case p.bits == 8:
		return (float32(b[0]) - 128) / (1 << 7)
	case p.bits == 16:
		return float32(int16(binary.LittleEndian.Uint16(b))) / (1 << 15)
	case p.bits == 24:
		return float32(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31)
	}
	return float32(int32(binary.LittleEndian.Uint32(b))) / (1 << 31)
}

// finite limits a sample to the range -1 to 1, and returns 0 for NaN.
func finite(f float32) float32 {
	if f != f {
		return 0
	}
	return max(-1, min(1, f))
}

// appendPCM appends samples in 16-bit little-endian format.
func appendPCM(dst []byte, samples []float32) []byte {
	for _, f := range samples {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(int16(math.RoundToEven(float64(finite(f))*math.MaxInt16))))
	}
	return dst
}
