package sandbox

import (
	"log/slog"
	"net"
	"net/http"
	"time"
)

// serveHTTP runs the audit interface and, if it is on, the admin interface.
func (s *Server) serveHTTP() {
	s.serve(s.auditListener, s.auditHandler())
	if s.adminListener != nil {
		s.serve(s.adminListener, s.adminHandler())
	}
}

func (s *Server) serve(l net.Listener, handler http.Handler) {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(s.config.Log.Handler(), slog.LevelDebug),
	}
	s.httpServers = append(s.httpServers, server)
	s.running.Go(func() { server.Serve(l) })
}
