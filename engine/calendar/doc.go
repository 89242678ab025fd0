// Package calendar counts the periods that the law sets: working days by the State Council's yearly schedule
// (国务院办公厅节假日安排), calendar days and months, with extensions and suspensions, and says of each day why it counts or not.
//
// Everything here is a pure function of its arguments. A Date is a legal day in Asia/Shanghai, never an instant; a Calendar
// is immutable and safe for concurrent use; nothing reads the clock or the disk.
//
// The rules, by their numbers in the code:
//
//	C1  the start day is not counted (民法典 201; 民事诉讼法 85)
//	C2  a working day is Monday to Friday not listed as off, or a day listed as 上班 (全国年节及纪念日放假办法)
//	C3  a period in working days ends on its N-th working day and never rolls
//	C4  a period in calendar days or months that ends on a rest day ends on the next working day (民法典 203)
//	C5  a make-up Saturday or Sunday (调休上班) is no rest day: nothing rolls off it
//	C6  months end on the same-numbered day, or on the last day of a shorter month (民法典 202)
//	C12 a period counted backward leaves N full units between the cause and the day
//	C13 a suspension from A to B takes the days after A up to and including B out of the count
//	C14 an extension follows the period without a gap
//
// A year whose schedule is not published is counted Monday to Friday, and every answer that rests on such a day is provisional.
package calendar
