package stdio

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

type lockedBuffer struct {
	sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.Write(p)
}

func TestLogWritesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out lockedBuffer
		log := NewLog(&out)
		var want strings.Builder
		for i := range 1000 {
			fmt.Fprintf(&want, "line %d\n", i)
			fmt.Fprintf(log, "line %d\n", i)
		}
		log.Flush(time.Minute)
		if out.String() != want.String() {
			t.Errorf("%d bytes, want %d", out.Len(), want.Len())
		}
		log.Flush(time.Minute) // nothing to wait for
	})
}

// TestLogNeverBlocks checks that an output that is not read costs lines, whose
// number is logged, but no time.
func TestLogNeverBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		log := NewLog(w)
		line := strings.Repeat("x", 1023) + "\n"
		const lines = 1000
		for range lines {
			log.Write([]byte(line))
		}
		start := time.Now()
		log.Flush(time.Second)
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("Flush waited for %v", waited)
		}
		var out lockedBuffer
		go io.Copy(&out, r)
		synctest.Wait()
		var dropped int
		text := out.String()
		if _, err := fmt.Sscanf(text[strings.Index(text, "lines="):], "lines=%d", &dropped); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(text, line); got+dropped != lines || got < logLimit/len(line) {
			t.Errorf("%d lines and %d dropped of %d", got, dropped, lines)
		}
		fmt.Fprintln(log, "after")
		synctest.Wait()
		if !strings.HasSuffix(out.String(), "after\n") {
			t.Error("nothing more was logged")
		}
		w.Close()
	})
}
