package bot

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"convene/internal/hiring"
	"convene/internal/outbox"
	"convene/internal/report"
)

// sendReport sends the report that the modal shows as a CSV file, and what of it
// a chart says better, to the person who asked, in their direct messages. A file
// can't be looked up by a key of ours, so it is not the outbox's: the person
// sees how it went, and asks again if it didn't.
func (b *Bot) sendReport(ctx context.Context, c *click) error {
	c.ack()
	q, err := b.reportAsked(ctx, c)
	if err != nil {
		return err
	}
	view, err := b.reportView(ctx, c.Person, q, hourglass+" Making the CSV and sending it to you…")
	if err != nil {
		return err
	}
	// Of two clicks one finds the modal as it was; the other's file would be a second.
	_, err = b.Slack.UpdateViewContext(ctx, view, "", c.View.Hash, c.View.ID)
	if isSlackError(err, "hash_conflict") {
		return nil
	}
	if err != nil { // closed, for instance: the file is wanted all the same
		b.Log.Warn("that a CSV is being made is not shown", "err", err)
	}
	view, err = b.reportView(ctx, c.Person, q, b.mailReport(ctx, c.Person, q))
	if err != nil {
		return err
	}
	return b.update(ctx, c.View.ID, view)
}

// mailReport uploads the file, shares it with the person, posts the charts below
// it, and says how far it came. Of an upload that wasn't shared nobody sees
// anything.
func (b *Bot) mailReport(ctx context.Context, p hiring.Person, q reportQuestion) string {
	sheet, numbers, err := b.Reports.Sheet(ctx, q.chosen, p.ID, q.span)
	if err != nil {
		return "The CSV was not sent. " + b.explain(p, err, "report", p.ID)
	}
	file, channel, err := b.uploadSheet(ctx, p, q, sheet)
	if err != nil {
		return "The CSV was not sent. " + b.explain(p, err, "report", p.ID)
	}
	_, err = b.Slack.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
		Files: []slack.FileSummary{file}, Channel: channel, InitialComment: sheetWords(sheet, numbers.Sight),
	})
	switch {
	case isLost(err):
		b.Log.Warn("report's outcome unknown", "person", p.ID, "err", err)
		return "Slack's answer was lost, so I don't know whether the CSV reached you. Please look into our direct messages, and ask again if it isn't there."
	case err != nil:
		return "The CSV was not sent. " + b.explain(p, err, "report", p.ID)
	}
	if err := b.postCharts(ctx, channel, reportCharts(numbers)); err != nil {
		return "The CSV is in our direct messages. The charts that go with it may not be. " + b.explain(p, err, "report", p.ID)
	}
	return "The CSV is in our direct messages."
}

// uploadSheet brings the file to Slack, where nobody sees it until it is shared.
// It holds ids and numbers and names no candidate, so an erasure has nothing to
// remove from it. https://docs.slack.dev/messaging/working-with-files#upload
func (b *Bot) uploadSheet(ctx context.Context, p hiring.Person, q reportQuestion, sheet report.Sheet) (file slack.FileSummary, channel string, err error) {
	err = b.Store.Owe(ctx, outbox.Batch{Log: []hiring.Entry{{Actor: p.ID, Action: "report.sent", Subject: q.choice, Detail: string(q.span)}}})
	if err != nil {
		return file, "", err
	}
	if channel, err = b.Directory.DM(ctx, p.ID); err != nil {
		return file, "", err
	}
	name := "report-" + b.Now().In(p.TimeZone(q.chosen[0].TimeZone())).Format("2006-01-02") + ".csv"
	place, err := b.Slack.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: name, FileSize: len(sheet.Content)})
	if err != nil {
		return file, "", err
	}
	err = b.Slack.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: place.UploadURL, Reader: bytes.NewReader(sheet.Content), Filename: name})
	return slack.FileSummary{ID: place.FileID, Title: "Report: " + q.title() + ", " + strings.ToLower(spanName(q.span))}, channel, err
}

// sheetWords say what the file holds.
func sheetWords(sheet report.Sheet, sight report.Sight) string {
	text := count(sheet.Rows, "interview", "interviews") + ", one in each row, with ids and numbers and nobody's name. Times are in UTC and in the role's zone."
	if sight == report.Numbers {
		text += " Whether an interview's scorecards were in time is for coordinators, who see each panelist's."
	}
	return text
}

// postCharts posts the charts with their numbers in words. Where Slack doesn't
// take a chart, the words say it all.
func (b *Bot) postCharts(ctx context.Context, channel string, m *content) error {
	if m == nil {
		return nil
	}
	post := func(blocks []slack.Block) error {
		_, _, err := b.Slack.PostMessageContext(ctx, channel, slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(blocks...),
			slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
		return err
	}
	err := post(m.Blocks)
	if isSlackError(err, "invalid_blocks", "invalid_blocks_format") {
		b.Log.Warn("Slack takes no chart", "err", err)
		var words []slack.Block
		for _, block := range m.Blocks {
			if block.BlockType() != slack.MBTDataVisualization {
				words = append(words, block)
			}
		}
		err = post(words)
	}
	return err
}

// reportCharts are the last months one by one, as bars and as words; nil: there
// are too few cases for a picture.
func reportCharts(n report.Report) *content {
	var told report.Promises
	var cards report.Cards
	for _, m := range n.Months {
		told.Kept += m.Promises.Kept
		told.Missed += m.Promises.Missed
		cards.OnTime += m.Cards.OnTime
		cards.Late += m.Cards.Late
		cards.Missing += m.Cards.Missing
	}
	out := &content{}
	add := func(title string, words func(report.Month) string, series ...slack.DataVisualizationDataSeries) {
		var lines []*rich
		text := title + "."
		for _, m := range n.Months {
			lines = append(lines, say("").b(m.Name()).t(": "+words(m)))
			text += " " + m.Name() + ": " + words(m) + "."
		}
		out.Text = strings.TrimSpace(out.Text + " " + text)
		out.Blocks = append(out.Blocks, bars(title, n.Months, series...), list(lines...))
	}
	if told.Settled() >= report.Few {
		add("Told by the deadline",
			func(m report.Month) string {
				return fmt.Sprintf("%d kept, %d missed", m.Promises.Kept, m.Promises.Missed)
			},
			bySeries("Kept", n.Months, func(m report.Month) int { return m.Promises.Kept }),
			bySeries("Missed", n.Months, func(m report.Month) int { return m.Promises.Missed }))
	}
	if cards.Due() >= report.Few {
		title := "Scorecards"
		if n.Sight == report.Own {
			title = "Your scorecards"
		}
		add(title,
			func(m report.Month) string {
				return fmt.Sprintf("%d on time, %d late, %d missing", m.Cards.OnTime, m.Cards.Late, m.Cards.Missing)
			},
			bySeries("On time", n.Months, func(m report.Month) int { return m.Cards.OnTime }),
			bySeries("Late", n.Months, func(m report.Month) int { return m.Cards.Late }),
			bySeries("Missing", n.Months, func(m report.Month) int { return m.Cards.Missing }))
	}
	if len(out.Blocks) == 0 {
		return nil
	}
	out.Blocks = append(out.Blocks, note("By the month in which the interview took place; counted as in the report."))
	return out
}

// bars is a bar chart of months. Slack draws charts in messages and App Home
// only. https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block/
func bars(title string, months []report.Month, series ...slack.DataVisualizationDataSeries) slack.Block {
	var names []string
	for _, m := range months {
		names = append(names, m.Name())
	}
	return slack.NewDataVisualizationBlock(title, slack.NewDataVisualizationBarChart(slack.NewDataVisualizationAxisConfig(names...).WithXLabel("Month"), series...))
}

func bySeries(name string, months []report.Month, value func(report.Month) int) slack.DataVisualizationDataSeries {
	var points []slack.DataVisualizationDataPoint
	for _, m := range months {
		points = append(points, slack.NewDataVisualizationDataPoint(m.Name(), float64(value(m))))
	}
	return slack.NewDataVisualizationDataSeries(name, points...)
}
