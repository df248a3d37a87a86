package console

import "strings"

// browserOf names the browser and the system behind a User-Agent, as far as people would;
// "" for what is none that is known. The order matters: most call themselves several things.
func browserOf(userAgent string) (browser, system string) {
	for _, x := range [][2]string{{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"MicroMessenger/", "WeChat"}, {"QQBrowser/", "QQ Browser"}, {"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}} {
		if strings.Contains(userAgent, x[0]) {
			browser = x[1]
			break
		}
	}
	for _, x := range [][2]string{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"HarmonyOS", "HarmonyOS"},
		{"Android", "Android"},
		{"Windows", "Windows"},
		{"Mac OS X", "macOS"},
		{"Linux", "Linux"},
	} {
		if strings.Contains(userAgent, x[0]) {
			system = x[1]
			break
		}
	}
	return browser, system
}
