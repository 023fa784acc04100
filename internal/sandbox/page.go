package sandbox

import "net/http"

type pages struct{}

func readPages() (pages, error) { return pages{}, nil }

func (s *Sandbox) routePages(mux *http.ServeMux) {}
