package mseed

import (
	"fmt"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
)

func TestIdentifiersAndCodesGoBothWays(t *testing.T) {
	for s, id := range map[string]waveform.SourceID{
		"FDSN:NC_CRH__H_N_E":             {Network: "NC", Station: "CRH", Channel: "HNE"},
		"FDSN:XX2024_STATION8_LOC_H_H_Z": {Network: "XX2024", Station: "STATION8", Location: "LOC", Channel: "HHZ"},
		"FDSN:_____":                     {},
		"FDSN:DA_OPTIC_10_H_OT1_Z":       {Network: "DA", Station: "OPTIC", Location: "10", Channel: "H_OT1_Z"},
		"FDSN:DA_OPTIC_10__SOH_":         {Network: "DA", Station: "OPTIC", Location: "10", Channel: "_SOH_"},
		"FDSN:DA_A-B_10__H_Z":            {Network: "DA", Station: "A-B", Location: "10", Channel: "_H_Z"},
		"FDSN:DA_OPTIC_10_H__":           {Network: "DA", Station: "OPTIC", Location: "10", Channel: "H__"},
	} {
		got, err := parseIdentifier(s)
		if err != nil || got != id {
			t.Errorf("%s: %#v, %v", s, got, err)
		}
		if back, err := formatIdentifier(id); err != nil || back != s {
			t.Errorf("%#v: %s, %v; want %s", id, back, err, s)
		}
	}
}

func TestOtherIdentifiersAreRefused(t *testing.T) {
	for _, s := range []string{"", "FDSN:", "FDSN:XX_A__B_H", "FDSN:XX_A__B_H_Z_", "XX_A__B_H_Z", "fdsn:XX_A__B_H_Z", "smi:local/x", "FDSN:XX_A\x00__B_H_Z", "FDSN:XX_Ä__B_H_Z"} {
		if id, err := parseIdentifier(s); err == nil {
			t.Errorf("%q is %#v", s, id)
		}
	}
}

func TestRecordsOfOneChannelShareTheirCodes(t *testing.T) {
	b := written(t, madeTrace(100, wiggle(100, 8)), WriteOptions{Version: 3})
	other := madeTrace(100, wiggle(100, 8))
	other.ID.Channel = "HNZ"
	file := append(append(append([]byte{}, b...), b...), written(t, other, WriteOptions{Version: 3})...)
	var got []string
	for r, err := range Records(file, 0) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r.ID.Channel)
	}
	if len(got) != 3 || got[0] != "HNE" || got[1] != "HNE" || got[2] != "HNZ" {
		t.Errorf("%q", got)
	}
}

func TestChannelsThatTakeTurnsHaveTheirOwnNames(t *testing.T) {
	for _, version := range []int{2, 3} {
		for _, channels := range []int{1, 2, 6, 7, 13} { // 6 are remembered
			var raw []byte
			var want []waveform.SourceID
			for turn := range 3 * channels {
				tr := madeTrace(100, []float64{1})
				tr.ID.Location = fmt.Sprintf("%02d", turn%channels)
				want = append(want, tr.ID)
				raw = append(raw, written(t, tr, WriteOptions{Version: version})...)
			}
			var got []waveform.SourceID
			n := testing.AllocsPerRun(1, func() {
				got = got[:0]
				for r, err := range Records(raw, 0) {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, r.ID)
				}
			})
			if !slices.Equal(got, want) {
				t.Errorf("version %d, %d channels: %v", version, channels, got)
			}
			if channels <= 6 && n > float64(4*channels) {
				t.Errorf("version %d, %d channels: %v allocations for %d records", version, channels, n, len(got))
			}
		}
	}
}
