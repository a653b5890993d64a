package main

var table = map[string]func(){"a": start, "b": tools.Stop}
var limit = maximum

type Server struct{ stop func() }

func (s *Server) index() {}

func start() {}

func (s *Server) routes(mux *Mux, names ...string) (func(), error) {
	http.HandleFunc("/", s.index)
	mux.Handle(names, http.HandlerFunc(show))
	run := start
	for i, name := range names {
		use(i, name, run, limit)
	}
	server := Server{stop: start}
	switch kind := mux.(type) {
	case A:
		use(kind, server.stop)
	}
	s.stop = elsewhere
	return start, nil
}
