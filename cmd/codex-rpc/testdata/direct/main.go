//go:build linux

// Command direct is the baseline of the benchmarks: a Go program that sends the
// same requests to the same backend through net/http with the settings of the
// host. Each line of its input is the body of a request to URL.
//
//	direct copy URL            copies the response to stdout
//	direct check URL           likewise, after checking the line with encoding/json
//	direct wrap URL            prints each event in a notification, unread
//	direct split URL           splits the response into events, and prints "end"
//	direct collect URL         decodes each event with encoding/json, and prints the collected response
//	direct stamps URL EVENTS   like split, and prints the latency of stamped events after the last one
//	direct stamps "" EVENTS    likewise for events in its input
//
// All but copy and check send the requests concurrently.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
)

func main() {
	mode, url := os.Args[1], os.Args[2]
	in := bufio.NewReaderSize(os.Stdin, 64<<10)
	var seen *latencies
	if mode == "stamps" {
		seen = newLatencies(os.Args[3])
	}
	if url == "" {
		eachLine(in, seen.note)
		return
	}
	c := client{&http.Client{Transport: transport()}, url}
	var open sync.WaitGroup
	eachLine(in, func(line []byte) {
		switch mode {
		case "copy":
			c.copy(line)
		case "wrap":
			line = bytes.Clone(line)
			open.Go(func() { c.wrap(line) })
		case "check":
			if !json.Valid(line) {
				panic("the input is not JSON")
			}
			c.copy(line)
		case "split":
			line = bytes.Clone(line)
			open.Go(func() { c.split(line) })
		case "collect":
			line = bytes.Clone(line)
			open.Go(func() { c.collect(line) })
		case "stamps":
			line = bytes.Clone(line)
			open.Go(func() { c.events(line, seen.note) })
		default:
			panic("unknown mode: " + mode)
		}
	})
	open.Wait()
}

// eachLine reads to the end of the input. A line is valid until the next one.
func eachLine(r *bufio.Reader, do func([]byte)) {
	var long []byte
	for {
		line, err := r.ReadSlice('\n')
		switch err {
		case nil:
			if len(long) > 0 {
				line = append(long, line...)
				long = line[:0]
			}
			do(line)
		case bufio.ErrBufferFull:
			long = append(long, line...)
		case io.EOF:
			return
		default:
			panic(err)
		}
	}
}

// transport has the settings of the host's transport, whose effect is not
// measured.
func transport() *http.Transport {
	t := &http.Transport{
		ForceAttemptHTTP2:   true,
		HTTP2:               &http.HTTP2Config{MaxReceiveBufferPerStream: 256 << 10},
		WriteBufferSize:     1 << 10,
		ReadBufferSize:      2 << 10,
		MaxIdleConns:        256,
		MaxIdleConnsPerHost: 256,
	}
	if path := os.Getenv("CODEX_CA_CERTIFICATE"); path != "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			panic(err)
		}
		certificate, err := os.ReadFile(path)
		if err != nil {
			panic(err)
		}
		pool.AppendCertsFromPEM(certificate)
		t.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	return t
}

type client struct {
	http *http.Client
	url  string
}

func (c client) post(body []byte) io.ReadCloser {
	resp, err := c.http.Post(c.url, "application/json", bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	if resp.StatusCode != http.StatusOK {
		panic(resp.Status)
	}
	return resp.Body
}

func (c client) copy(request []byte) {
	body := c.post(request)
	defer body.Close()
	if _, err := io.Copy(os.Stdout, body); err != nil {
		panic(err)
	}
}

// events calls do with the data of each event.
func (c client) events(request []byte, do func([]byte)) {
	body := c.post(request)
	defer body.Close()
	eachLine(bufio.NewReaderSize(body, 16<<10), func(line []byte) {
		if data, ok := bytes.CutPrefix(line, []byte("data: ")); ok {
			do(data)
		}
	})
}

// wrap does the minimum work of a relay: it writes what it has before it reads
// more, and neither validates events nor reads their type.
func (c client) wrap(request []byte) {
	body := c.post(request)
	defer body.Close()
	var batch []byte
	flush := func() {
		if _, err := os.Stdout.Write(batch); err != nil {
			panic(err)
		}
		batch = batch[:0]
	}
	in := bufio.NewReaderSize(beforeRead{body, flush}, 36<<10)
	for seq := uint64(0); ; {
		line, err := in.ReadSlice('\n')
		if err == io.EOF {
			break
		} else if err != nil {
			panic(err)
		}
		if data, ok := bytes.CutPrefix(line, []byte("data: ")); ok {
			batch = append(batch, `{"jsonrpc":"2.0","method":"stream.event","params":{"id":1,"seq":`...)
			batch = strconv.AppendUint(batch, seq, 10)
			batch = append(batch, `,"event":`...)
			batch = append(batch, data[:len(data)-1]...)
			batch = append(batch, "}}\n"...)
			seq++
		}
	}
	batch = append(batch, "end\n"...)
	flush()
}

// A beforeRead calls do before it reads.
type beforeRead struct {
	io.Reader
	do func()
}

func (r beforeRead) Read(p []byte) (int, error) {
	r.do()
	return r.Reader.Read(p)
}

func (c client) collect(request []byte) {
	var text strings.Builder
	var answer map[string]json.RawMessage
	c.events(request, func(data []byte) {
		var event struct {
			Type     string
			Delta    string
			Response map[string]json.RawMessage
		}
		if err := json.Unmarshal(data, &event); err != nil {
			panic(err)
		}
		text.WriteString(event.Delta)
		if event.Type == "response.completed" {
			answer = event.Response
		}
	})
	answer["output_text"], _ = json.Marshal(text.String())
	line, err := json.Marshal(answer)
	if err != nil {
		panic(err)
	}
	os.Stdout.Write(append(line, '\n'))
}

func (c client) split(request []byte) {
	var last []byte
	c.events(request, func(data []byte) { last = append(last[:0], data...) })
	if !bytes.Contains(last, []byte("response.completed")) {
		panic("the stream is cut off")
	}
	fmt.Println("end")
}
