package api

import (
	"context"
	"slices"
	"time"

	"github.com/verinym/verinym/internal/locale"
	"github.com/verinym/verinym/internal/notify"
)

// MailSettings is what a member is mailed.
type MailSettings struct {
	Lang       string      `json:"lang" enum:",en,zh" doc:"The language of the mails; empty for both."`
	Topics     []MailTopic `json:"topics"`
	ReturnedAt *time.Time  `json:"returned_at,omitempty" doc:"Since when only what rules ask for is mailed, because mail came back or was complained of."`
}

// MailTopic is a topic of mails.
type MailTopic struct {
	Topic    string `json:"topic"`
	Text     Words  `json:"text"`
	On       bool   `json:"on"`
	Required bool   `json:"required" doc:"Rules ask for it: it cannot be switched off."`
}

func (s *Server) settingsOf(x notify.Setting) MailSettings {
	out := MailSettings{Lang: string(x.Lang), ReturnedAt: when(x.ReturnedAt.Time)}
	for _, t := range notify.Topics {
		out.Topics = append(out.Topics, MailTopic{
			Topic: string(t), Text: s.texts.Both("topic."+string(t), nil), On: !slices.Contains(x.Off, t),
			Required: t.Required(),
		})
	}
	return out
}

func (s *Server) mailSettings() {
	type change struct {
		Body struct {
			Lang   *string   `json:"lang,omitempty" enum:",en,zh" doc:"Empty for both languages."`
			Off    *[]string `json:"off,omitempty" maxItems:"20" doc:"The topics that are not mailed; an empty list means that all are."`
			Resume bool      `json:"resume,omitempty" doc:"Mail again, though mail came back before."`
		}
	}
	handle(s, op{id: "get-mail-settings", method: "GET", path: "/mail-settings", summary: "Read what you are mailed, and in which language", tag: "Account"},
		func(ctx context.Context, _ *none) (*body[MailSettings], error) {
			x, err := s.Post.Settings(ctx, actorOf(ctx))
			return answer(s.settingsOf(x), err)
		})
	handle(s, op{id: "change-mail-settings", method: "PATCH", path: "/mail-settings", summary: "Choose what you are mailed, and in which language", tag: "Account",
		about: "Everything is an internal message, too. What is absent stays as it is."},
		func(ctx context.Context, in *change) (*body[MailSettings], error) {
			c := notify.SettingChange{Resume: in.Body.Resume}
			if in.Body.Lang != nil {
				lang := locale.Lang(*in.Body.Lang)
				c.Lang = &lang
			}
			if in.Body.Off != nil {
				off := make([]notify.Topic, 0, len(*in.Body.Off))
				for _, t := range *in.Body.Off {
					off = append(off, notify.Topic(t))
				}
				c.Off = &off
			}
			x, err := s.Post.ChangeSettings(ctx, actorOf(ctx), c)
			return answer(s.settingsOf(x), err)
		})
}
