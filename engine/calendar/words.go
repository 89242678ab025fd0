package calendar

// HanTime is a time of day as it is printed: 2026年1月5日14时30分.
func HanTime(t string) string {
	if len(t) < 10 {
		return t
	}
	d, err := Parse(t[:10])
	if err != nil {
		return t
	}
	if len(t) >= 16 {
		return d.Han() + t[11:13] + "时" + t[14:16] + "分"
	}
	return d.Han()
}

// UnitWord is the unit behind a number: 个工作日.
func UnitWord(u Unit) string {
	switch u {
	case Workdays:
		return "个工作日"
	case Months:
		return "个月"
	}
	return "日"
}
