package text

import "strings"

// numeral is a way of writing numbers in Chinese.
type numeral struct {
	digits [10]string
	places [4]string // what follows the ones, tens, hundreds and thousands
	ten    bool      // ten to nineteen begin without one: 十五, not 一十五
}

var (
	plain   = numeral{digits: [10]string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}, places: [4]string{"", "十", "百", "千"}, ten: true}
	capital = numeral{digits: [10]string{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"}, places: [4]string{"", "拾", "佰", "仟"}}
)

// Han is a number as it stands in 第二十条: 二十, 一百零五, 一万二千. Below
// zero it begins with 负.
func Han(n int) string {
	if n < 0 {
		return "负" + plain.write(magnitude(int64(n)))
	}
	return plain.write(magnitude(int64(n)))
}

// magnitude is n without its sign, the smallest int64 included.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// write is a number in words. Of zeros inside it, however many, one is
// written, and none where the thousands begin a new group of four.
func (w numeral) write(n uint64) string {
	if n == 0 {
		return w.digits[0]
	}
	var b strings.Builder
	w.append(&b, n)
	if s := b.String(); w.ten && strings.HasPrefix(s, w.digits[1]+w.places[1]) {
		return s[len(w.digits[1]):]
	}
	return b.String()
}

// append writes n, which is not 0.
func (w numeral) append(b *strings.Builder, n uint64) {
	for _, big := range []struct {
		value uint64
		name  string
	}{{1_0000_0000, "亿"}, {1_0000, "万"}} {
		if n < big.value {
			continue
		}
		w.append(b, n/big.value)
		b.WriteString(big.name)
		if n %= big.value; n == 0 {
			return
		}
		if n < big.value/10 {
			b.WriteString(w.digits[0])
		}
	}
	// Of the last four digits, zeros between two that are not are one zero.
	started, zero := false, false
	for place, value := 3, uint64(1000); place >= 0; place, value = place-1, value/10 {
		d := n / value % 10
		if d == 0 {
			zero = started
			continue
		}
		if zero {
			b.WriteString(w.digits[0])
		}
		started, zero = true, false
		b.WriteString(w.digits[d])
		b.WriteString(w.places[place])
	}
}
