package app

import (
	"bytes"
	"net"
	"strconv"
	"strings"
)

// A request that net/http cannot read never reaches a handler: it writes a line of plain
// text itself. Whoever is at a browser gets a page instead, in both languages, because
// nothing is known of them.

// unheard accepts connections whose refusals are pages.
type unheard struct{ net.Listener }

func (l unheard) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		return refusing{tcp}, err
	}
	return c, err
}

// refusing is a connection on which net/http's own refusals are replaced. They are the
// only answers that are one write and have no date.
type refusing struct{ *net.TCPConn }

// plainRefusal ends the head of an answer that net/http writes by itself.
var plainRefusal = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")

func (c refusing) Write(b []byte) (int, error) {
	at := bytes.Index(b[:min(len(b), 300)], plainRefusal)
	if at < 0 || !bytes.HasPrefix(b, []byte("HTTP/1.1 ")) || bytes.Count(b[:at], []byte("\r\n")) > 0 {
		return c.TCPConn.Write(b)
	}
	line := string(b[:at])
	if _, err := c.TCPConn.Write(refusalPage(line)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// refusalPage is the answer with a status line.
func refusalPage(line string) []byte {
	code, _, _ := strings.Cut(strings.TrimPrefix(line, "HTTP/1.1 "), " ")
	w, known := refusals[code]
	if !known {
		w = refusals["400"]
	}
	page := `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>` + w.en[0] + ` · verinym</title></head>
<body><main><h1>` + w.en[0] + `</h1><p>` + w.en[1] + `</p><div lang="zh-CN"><h2>` + w.zh[0] + `</h2><p>` + w.zh[1] + `</p></div><p><a href="/">verinym</a></p></main></body></html>
`
	return []byte(line + "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " + strconv.Itoa(len(page)) +
		"\r\nContent-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n" + page)
}

// refusals are headings and what to do, by their status.
var refusals = map[string]struct{ en, zh [2]string }{
	"400": {
		[2]string{"The request could not be read", "What your browser sent is no request that this server understands. Nothing was changed. Open the page again from its beginning; behind a proxy, look at what that adds."},
		[2]string{"无法读取请求", "服务器无法理解浏览器发送的请求，未作任何更改。请重新打开页面；若使用代理，请检查代理添加的内容。"},
	},
	"431": {
		[2]string{"The request brings too much along", "Your browser sent more cookies or a longer address than this server reads. Nothing was changed. Delete the cookies of this site, then sign in again."},
		[2]string{"请求头过大", "浏览器发送的 Cookie 或网址过长，未作任何更改。请清除本站的 Cookie 后重新登录。"},
	},
	"501": {
		[2]string{"The request could not be read", "It is packed in a way that this server does not know. Nothing was changed. Send it without a Transfer-Encoding of its own."},
		[2]string{"无法读取请求", "请求的传输编码不受支持，未作任何更改。请去掉自定义的 Transfer-Encoding 后重试。"},
	},
}
