package app

import "github.com/go-viper/mapstructure/v2"

// strictDecoder refuses keys that no field takes and reads durations as text.
func strictDecoder(into any) *mapstructure.DecoderConfig {
	return &mapstructure.DecoderConfig{
		Result: into, TagName: "koanf", ErrorUnused: true, WeaklyTypedInput: false,
		DecodeHook: mapstructure.StringToTimeDurationHookFunc(),
	}
}
