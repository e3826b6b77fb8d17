package dsp_test
import ("testing";"github.com/seisbatch/seisbatch/waveform/dsp")
func BenchmarkZZ(b *testing.B){
 var s dsp.Scratch
 n:=8640001
 x:=series(n)
 p:=dsp.NewFFT(n)
 c:=make([]complex128,p.Bins())
 b.Run("coef",func(b *testing.B){for b.Loop(){p.Coefficients(c,x,&s)}})
 b.Run("seq",func(b *testing.B){for b.Loop(){p.Sequence(x,c,&s)}})
 b.Run("new",func(b *testing.B){for b.Loop(){dsp.NewFFT(n)}})
}
