package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/verinym/verinym/test/stage"
)

// memoryGrowth is how much more resident memory the server may have at the height of the
// largest task than at that of the smallest.
const memoryGrowth = 1.5

// memory associates more and more domains on SQLite, in tasks of one server, and takes the
// most resident memory that it has during each: it must not grow with the domains.
func (b *bench) memory(ctx context.Context) error {
	sizes, err := memorySizes()
	if err != nil {
		return err
	}
	var tasks [][]string
	var all []string
	for _, n := range sizes {
		names := make([]string, n)
		for i := range names {
			names[i] = fmt.Sprintf("memory-%d-%07d.cn", n, i)
		}
		tasks, all = append(tasks, names), append(all, names...)
	}
	s, err := stage.StartRegistry(ctx, b.binary)
	if err != nil {
		return err
	}
	defer s.Stop()
	if err := s.Yesterday(ctx, all); err != nil {
		return err
	}
	v, err := stage.NewServer(ctx, b.binary, filepath.Join(b.dir, "memory"), s, stage.Settings{
		Depth: 16, Sessions: 4, PollEvery: 100 * time.Millisecond, PendingFor: time.Hour,
	})
	if err != nil {
		return err
	}
	if err := v.Start(ctx); err != nil {
		return err
	}
	defer func() { _ = v.Stop() }()
	if err := v.Open(ctx); err != nil {
		return err
	}
	profile, err := v.Profile(ctx)
	if err != nil {
		return err
	}
	if err := v.Import(ctx, all, func(n int) { fmt.Fprintf(os.Stderr, "\r  %d of %d names imported", n, len(all)) }); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr)
	most := make([]float64, len(tasks))
	for i, names := range tasks {
		if most[i], err = height(v, func() error {
			const largest = 500_000 // that a task may have
			for len(names) > 0 {
				n := min(len(names), largest)
				if _, err := associate(ctx, v, profile, names[:n]); err != nil {
					return err
				}
				names = names[n:]
			}
			return nil
		}); err != nil {
			return err
		}
		b.report(fmt.Sprintf("memory at the height of an association of %d on SQLite", sizes[i]), most[i], "MB")
	}
	last := len(sizes) - 1
	b.reportTarget(fmt.Sprintf("memory at %d domains, against %d", sizes[last], sizes[0]), most[last]/most[0], "×", memoryGrowth)
	return nil
}

// memorySizes are how many domains are associated, the fewest first.
func memorySizes() (sizes []int, err error) {
	typed := os.Getenv("BENCH_MEMORY")
	if typed == "" {
		typed = "10000,100000"
	}
	for _, text := range strings.Split(typed, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("BENCH_MEMORY: %w", err)
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
}

// height is the most memory that the server has while something is done.
func height(v *stage.Server, do func() error) (most float64, err error) {
	done := make(chan error, 1)
	go func() { done <- do() }()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-done:
			return most, err
		case <-look.C:
			most = max(most, v.Memory())
		}
	}
}
