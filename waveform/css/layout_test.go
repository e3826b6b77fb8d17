package css

import (
	"fmt"
	"strings"
	"testing"
)

// documented are character positions, from 1, as public descriptions of the schema
// give them: for CSS 3.0 the reference manual of 1990, for NNSA the tables that Washington University
// in St. Louis puts on the web beside Antelope's (css-formats).
const documentedCSS = `
site sta 1-6 ondate 8-15 offdate 17-24 lat 26-34 lon 36-44 elev 46-54 staname 56-105 statype 107-110 refsta 112-117 dnorth 119-127 deast 129-137 lddate 139-155
sitechan sta 1-6 chan 8-15 ondate 17-24 chanid 26-33 offdate 35-42 ctype 44-47 edepth 49-57 hang 59-64 vang 66-71 descrip 73-122 lddate 124-140
affiliation net 1-8 sta 10-15 lddate 17-33
snetsta snet 1-8 fsta 10-15 sta 17-22 lddate 24-40
schanloc sta 1-6 fchan 8-15 loc 17-24 chan 26-33 lddate 35-51
sensor sta 1-6 chan 8-15 time 17-33 endtime 35-51 inid 53-60 chanid 62-69 jdate 71-78 calratio 80-95 calper 97-112 tshift 114-119 instant 121-121 lddate 123-139
instrument inid 1-8 insname 10-59 instype 61-66 band 68-68 digital 70-70 samprate 72-82 ncalib 84-99 ncalper 101-116 dir 118-181 dfile 183-214 rsptype 216-221 lddate 223-239
wfdisc sta 1-6 chan 8-15 time 17-33 wfid 35-42 chanid 44-51 jdate 53-60 endtime 62-78 nsamp 80-87 samprate 89-99 calib 101-116 calper 118-133 instype 135-140 segtype 142-142 datatype 144-145 clip 147-147 dir 149-212 dfile 214-245 foff 247-256 commid 258-265 lddate 267-283
origin lat 1-9 lon 11-19 depth 21-29 time 31-47 orid 49-56 evid 58-65 jdate 67-74 nass 76-79 ndef 81-84 ndp 86-89 grn 91-98 srn 100-107 etype 109-115 depdp 117-125 dtype 127-127 mb 129-135 mbid 137-144 ms 146-152 msid 154-161 ml 163-169 mlid 171-178 algorithm 180-194 auth 196-210 commid 212-219 lddate 221-237
event evid 1-8 evname 10-24 prefor 26-33 auth 35-49 commid 51-58 lddate 60-76
assoc arid 1-8 orid 10-17 sta 19-24 phase 26-33 belief 35-38 delta 40-47 seaz 49-55 esaz 57-63 timeres 65-72 timedef 74-74 azres 76-82 azdef 84-84 slores 86-92 slodef 94-94 emares 96-102 wgt 104-109 vmodel 111-125 commid 127-134 lddate 136-152
arrival sta 1-6 time 8-24 arid 26-33 jdate 35-42 stassid 44-51 chanid 53-60 chan 62-69 iphase 71-78 stype 80-80 deltim 82-87 azimuth 89-95 delaz 97-103 slow 105-111 delslo 113-119 ema 121-127 rect 129-135 amp 137-146 per 148-154 logat 156-162 clip 164-164 fm 166-167 snr 169-178 qual 180-180 auth 182-196 commid 198-205 lddate 207-223
origerr orid 1-8 sxx 10-24 syy 26-40 szz 42-56 stt 58-72 sxy 74-88 sxz 90-104 syz 106-120 stx 122-136 sty 138-152 stz 154-168 sdobs 170-178 smajax 180-188 sminax 190-198 strike 200-205 sdepth 207-215 stime 217-224 conf 226-230 commid 232-239 lddate 241-257
netmag magid 1-8 net 10-17 orid 19-26 evid 28-35 magtype 37-42 nsta 44-51 magnitude 53-59 uncertainty 61-67 auth 69-83 commid 85-92 lddate 94-110`

const documentedNNSA = `
site sta 1-6 ondate 8-15 offdate 17-24 lat 26-36 lon 38-48 elev 50-58 staname 60-109 statype 111-114 refsta 116-121 dnorth 123-131 deast 133-141 lddate 143-161
affiliation net 1-8 sta 10-15 time 17-33 endtime 35-51 lddate 53-71
wfdisc sta 1-6 chan 8-15 time 17-33 wfid 35-43 chanid 45-52 jdate 54-61 endtime 63-79 nsamp 81-88 samprate 90-100 calib 102-117 calper 119-134 instype 136-141 segtype 143-143 datatype 145-146 clip 148-148 dir 150-213 dfile 215-246 foff 248-257 commid 259-267 lddate 269-287
assoc arid 1-9 orid 11-19 sta 21-26 phase 28-35 belief 37-40 delta 42-49 seaz 51-57 esaz 59-65 timeres 67-74 timedef 76-76 azres 78-84 azdef 86-86 slores 88-94 slodef 96-96 emares 98-104 wgt 106-111 vmodel 113-127 commid 129-137 lddate 139-157
arrival sta 1-6 time 8-24 arid 26-34 jdate 36-43 stassid 45-53 chanid 55-62 chan 64-71 iphase 73-80 stype 82-82 deltim 84-89 azimuth 91-97 delaz 99-105 slow 107-113 delslo 115-121 ema 123-129 rect 131-137 amp 139-149 per 151-157 logat 159-165 clip 167-167 fm 169-170 snr 172-181 qual 183-183 auth 185-199 commid 201-209 lddate 211-229
origerr orid 1-9 sxx 11-25 syy 27-41 szz 43-57 stt 59-73 sxy 75-89 sxz 91-105 syz 107-121 stx 123-137 sty 139-153 stz 155-169 sdobs 171-179 smajax 181-189 sminax 191-199 strike 201-206 sdepth 208-216 stime 218-223 conf 225-229 commid 231-239 lddate 241-259`

func TestColumnsAreWhereTheSchemaHasThem(t *testing.T) {
	compared := 0
	for which, documented := range []string{documentedCSS, documentedNNSA} {
		for line := range strings.Lines(strings.TrimSpace(documented)) {
			name, want, _ := strings.Cut(strings.TrimSpace(line), " ")
			l := layoutsOf(Table(name))[which]
			var got []string
			for i, c := range l.columns {
				got = append(got, fmt.Sprintf("%s %d-%d", c.name, l.start[i]+1, l.end[i]))
			}
			if s := strings.Join(got, " "); s != want {
				t.Errorf("%s of %s:\n%s, want\n%s", name, l.name, s, want)
			}
			compared++
		}
	}
	if compared != len(allTables())+6 {
		t.Errorf("compared %d tables", compared)
	}
}

func TestEachTableHasColumnsAndKeys(t *testing.T) {
	for _, table := range allTables() {
		for _, l := range layoutsOf(table) {
			if l.required() == 0 || l.index("lddate") != len(l.columns)-1 {
				t.Errorf("%s of %s: %d columns have to be there, of %d", table, l.name, l.required(), len(l.columns))
			}
		}
	}
	if layoutsOf("network") != nil || layoutsOf("") != nil || layoutsOf(Descriptor) != nil {
		t.Error("layouts of no table")
	}
}
