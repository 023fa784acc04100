package cron

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convene/internal/clock"
)

var wednesday = time.Date(2026, 11, 18, 15, 0, 0, 0, time.UTC)

func TestJobRunsAtOnceAndThenByTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clock.Scaled(wednesday, 60)
		var runs []time.Time
		stop := start(t, NewJobs(c, slog.New(slog.DiscardHandler), Job{"due", time.Minute, func(_ context.Context, now time.Time) error {
			runs = append(runs, now)
			return nil
		}}))
		time.Sleep(2*time.Second + time.Millisecond)
		stop()
		want := []time.Time{wednesday, wednesday.Add(time.Minute), wednesday.Add(2 * time.Minute)}
		if !slices.EqualFunc(runs, want, time.Time.Equal) {
			t.Errorf("at 60×, in two seconds, it ran at %v, want %v", runs, want)
		}
	})
}

func TestJobWakesWhenTheClockJumps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clock.Controlled(wednesday)
		ran := make(chan time.Time, 10)
		jobs := NewJobs(c, slog.New(slog.DiscardHandler), Job{"due", time.Minute, func(_ context.Context, now time.Time) error {
			ran <- now
			return nil
		}})
		if !jobs.Last().IsZero() {
			t.Error("Last is set before anything ran")
		}
		stop := start(t, jobs)
		defer stop()
		<-ran
		monday := wednesday.Add(5 * 24 * time.Hour)
		if err := c.Jump(monday); err != nil {
			t.Fatal(err)
		}
		if got := <-ran; !got.Equal(monday) {
			t.Errorf("after the jump it ran at %v, want %v", got, monday)
		}
		synctest.Wait()
		if got := jobs.Last(); !got.Equal(monday) {
			t.Errorf("Last() = %v, want %v", got, monday)
		}
		if len(ran) != 0 {
			t.Errorf("one jump ran the job %d times too often", len(ran))
		}
	})
}

func TestFailingJobRunsAgainAndIsLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		c := clock.Scaled(wednesday, 1)
		runs := 0
		jobs := NewJobs(c, slog.New(slog.NewTextHandler(&log, nil)), Job{"summary", time.Minute, func(context.Context, time.Time) error {
			runs++
			switch runs {
			case 1:
				return errors.New("disk is full")
			case 2:
				panic("candidate Ann Example")
			case 3:
				var nobody *Job
				_ = nobody.Name
			}
			return nil
		}})
		stop := start(t, jobs)
		time.Sleep(3*time.Minute + time.Second)
		stop()
		if runs != 4 {
			t.Errorf("it ran %d times in three minutes, want 4", runs)
		}
		for _, want := range []string{"disk is full", "panic: a string", "nil pointer dereference"} {
			if got := strings.Count(log.String(), want); got != 1 {
				t.Errorf("the log says %q %d times, want once:\n%s", want, got, &log)
			}
		}
		if strings.Contains(log.String(), "Ann Example") {
			t.Errorf("the log repeats a panic's words, which may be a person's:\n%s", &log)
		}
		if got, want := jobs.Last(), wednesday.Add(3*time.Minute); !got.Equal(want) {
			t.Errorf("Last() = %v, want the one good run at %v", got, want)
		}
	})
}

func TestStopWaitsForTheRunInHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		finished := false
		stop := start(t, NewJobs(clock.Real(), slog.New(slog.NewTextHandler(&log, nil)), Job{"slow", time.Minute, func(ctx context.Context, _ time.Time) error {
			<-ctx.Done()
			time.Sleep(2 * time.Second)
			finished = true
			return ctx.Err()
		}}))
		synctest.Wait()
		stop()
		if !finished {
			t.Error("Run returned before its job did")
		}
		if log.Len() > 0 {
			t.Errorf("stopping was logged as a failure: %s", &log)
		}
	})
}

// start runs the jobs; the returned function stops them and waits.
func start(t *testing.T, jobs *Jobs) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		jobs.Run(ctx)
		close(done)
	}()
	return func() {
		cancel()
		<-done
	}
}
