// Package cron knows when things are due. A Schedule turns a cron line and a
// zone into moments; Jobs wakes the program's background work by the clock.
//
// Neither remembers anything: what is owed, and what was done, are rows in the
// database. A wake-up that was missed costs nothing, because the next one finds
// the same rows.
package cron

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"convene/internal/clock"
)

// A Job is background work that looks for what is due and does it.
type Job struct {
	Name  string
	Every time.Duration // of the clock's time, from the end of one run to the next
	Run   func(ctx context.Context, now time.Time) error
}

// Jobs runs each job at once, and then again and again while the program lives.
type Jobs struct {
	clock *clock.Clock
	log   *slog.Logger
	jobs  []Job

	mu   sync.Mutex
	last map[string]time.Time // by job: when its last run without an error began
}

// NewJobs returns the jobs, not yet running.
func NewJobs(c *clock.Clock, log *slog.Logger, jobs ...Job) *Jobs {
	return &Jobs{clock: c, log: log, jobs: jobs, last: map[string]time.Time{}}
}

// Run runs the jobs until ctx ends, and returns when the last of them has
// returned. Jobs run beside each other, but none beside itself. A job's error
// is logged here and nowhere else; a panic is an error.
func (j *Jobs) Run(ctx context.Context) {
	var running sync.WaitGroup
	for _, job := range j.jobs {
		running.Go(func() { j.repeat(ctx, job) })
	}
	running.Wait()
}

// Last returns when the longest idle of all jobs last ran without an error, by
// the clock. It is the zero time while one never has.
func (j *Jobs) Last() time.Time {
	j.mu.Lock()
	defer j.mu.Unlock()
	var oldest time.Time
	for i, job := range j.jobs {
		if at := j.last[job.Name]; i == 0 || at.Before(oldest) {
			oldest = at
		}
	}
	return oldest
}

func (j *Jobs) repeat(ctx context.Context, job Job) {
	for next := j.clock.Now(); j.clock.Wait(ctx, next) == nil; next = j.clock.Now().Add(job.Every) {
		now := j.clock.Now()
		err := protect(ctx, job, now)
		switch {
		case err == nil:
			j.mu.Lock()
			j.last[job.Name] = now
			j.mu.Unlock()
		case ctx.Err() != nil && errors.Is(err, ctx.Err()):
			// stopped, not failed
		default:
			j.log.ErrorContext(ctx, "job failed; it runs again", "job", job.Name, "err", err)
		}
	}
}

// protect runs a job once and turns its panic into an error. Of the panic's
// value only the runtime's own words are kept: another could hold people's data.
func protect(ctx context.Context, job Job, now time.Time) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("panic: %w\n%s", v, debug.Stack())
		default:
			err = fmt.Errorf("panic: a %T\n%s", v, debug.Stack())
		}
	}()
	return job.Run(ctx, now)
}
