package metrics

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Server serves the metrics of a command, and of the Go runtime and the process, over HTTP.
type Server struct {
	listener net.Listener
	server   *http.Server
	ended    chan struct{}
}

// Listen serves them at an address, such as :9464; port 0 is one that is free. Anyone who
// reaches the address may read them.
func (m *Metrics) Listen(address string, log *slog.Logger) (*Server, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &Server{listener: l, ended: make(chan struct{}), server: &http.Server{Handler: m.handler(),
		ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}}
	go func() {
		defer close(s.ended)
		if err := s.server.Serve(l); err != http.ErrServerClosed {
			log.Error("metrics are served no more", "error", err)
		}
	}()
	return s, nil
}

// Address is where the server listens.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Close ends it at once.
func (s *Server) Close() error {
	err := s.server.Close()
	<-s.ended
	return err
}

func (m *Metrics) handler() http.Handler {
	process := prometheus.NewRegistry()
	process.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(prometheus.Gatherers{m.registry, process}, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, m.hint()) // who asked has gone
	})
	return mux
}

func (m *Metrics) hint() string {
	return fmt.Sprintf("seisbatch %s, %s: metrics for Prometheus are at /metrics, while it works.\n", m.command.Version, m.command.Verb)
}
