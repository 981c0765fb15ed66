package simulator

import (
	"log/slog"
	"net/http"
	"time"
)

// loggedAnswer records what the log line about a request needs.
type loggedAnswer struct {
	http.ResponseWriter
	started time.Time
	status  int // 0: no header was written
	bytes   int64
}

func (l *loggedAnswer) WriteHeader(status int) {
	if l.status == 0 && status >= 200 {
		l.status = status
	}
	l.ResponseWriter.WriteHeader(status)
}

func (l *loggedAnswer) Write(p []byte) (int, error) {
	if l.status == 0 {
		l.status = http.StatusOK
	}
	n, err := l.ResponseWriter.Write(p)
	l.bytes += int64(n)
	return n, err
}

// Unwrap is called by http.ResponseController.
func (l *loggedAnswer) Unwrap() http.ResponseWriter { return l.ResponseWriter }

func (l *loggedAnswer) write(logger *slog.Logger, r *http.Request) {
	logger.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", r.Method), slog.String("path", r.URL.EscapedPath()),
		slog.Int("status", l.status), slog.Int64("bytes", l.bytes), slog.Duration("duration", time.Since(l.started)))
}
