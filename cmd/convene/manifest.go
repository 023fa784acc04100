package main

import "convene/bot"

type manifestCommand struct{}

func (manifestCommand) Run(p *program) error {
	manifest, err := bot.Manifest()
	if err != nil {
		return err
	}
	_, err = p.stdout.Write(manifest)
	return err
}
