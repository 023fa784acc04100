package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// ops is what the program tells those who operate it, on LISTEN_ADDR.
type ops struct {
	// alive returns nil while the process can work at all: the database answers.
	// A failure means that a restart may help.
	alive func(ctx context.Context) error
	// ready returns nil while work gets done: Slack is connected and the last
	// tick is recent. A failure need not mean that a restart helps.
	ready func(ctx context.Context) error
	// metrics are read anew for each scrape.
	metrics []metric
}

// A metric is one number about the running program.
type metric struct {
	name   string // convene_…, with its unit; a total that only rises ends in _total
	help   string
	labels prometheus.Labels // constant; may be nil
	total  bool              // it only rises
	value  func() float64
}

// checkTimeout bounds one check of alive or ready.
const checkTimeout = 2 * time.Second

// handler serves /healthz, /readyz and /metrics. Two metrics of one name and
// labels are a mistake of the program, and an error.
func (o ops) handler() (http.Handler, error) {
	registry := prometheus.NewRegistry()
	all := []prometheus.Collector{
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	}
	for _, m := range o.metrics {
		if m.total {
			all = append(all, prometheus.NewCounterFunc(prometheus.CounterOpts{Name: m.name, Help: m.help, ConstLabels: m.labels}, m.value))
		} else {
			all = append(all, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: m.name, Help: m.help, ConstLabels: m.labels}, m.value))
		}
	}
	for _, c := range all {
		if err := registry.Register(c); err != nil {
			return nil, fmt.Errorf("metrics: %w", err)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", answerCheck(o.alive))
	mux.HandleFunc("GET /readyz", answerCheck(o.ready))
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return mux, nil
}

// answerCheck answers 200 "ok", or 503 with the reason.
func answerCheck(check func(context.Context) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
		defer cancel()
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		if err := check(ctx); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintln(w, err)
			return
		}
		fmt.Fprintln(w, "ok")
	}
}

// serveHTTP serves handler on listener until ctx ends, and then lets requests
// in hand finish for a second.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		stopped <- errors.Join(server.Shutdown(finish), server.Close())
	})
	err := server.Serve(listener)
	if stop() {
		return err // ctx has not ended: the listener broke
	}
	return ignoreDeadline(<-stopped)
}

// ignoreDeadline forgives a request that did not finish in time.
func ignoreDeadline(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}
