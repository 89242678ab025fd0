package procedure

// builtin is the blank of an action that every procedure has without writing it.
type builtin struct {
	Title  Label
	fields []Field
	Files  bool // it takes files
}

var Blanks map[ActionID]builtin

// Builtins gives the ids of the actions that every procedure has, in the order in which they are offered.
var Builtins = []ActionID{"attach", "note", "correct-fact", "correct-value", "recall", "answer-finding", "hand-over", "mark",
	"supervise", "link-case", "void-document", "open-at"}

// BuiltinForm is the blank of a built-in action, nil when it is none.
func BuiltinForm(id ActionID) *Form {
	b, ok := Blanks[id]
	if !ok {
		return nil
	}
	return &Form{ID: FormID(id), Title: b.Title, Parts: []Part{{ID: "body", Title: b.Title, Fields: b.fields}}}
}

func field(id FieldID, zh, en string, typ FieldType, required bool) Field {
	return Field{ID: id, Title: Label{zh, en}, Type: typ, Required: required}
}

func init() {
	whose := Field{ID: RespondentField, Title: Label{"哪个当事人的", "Whose"}, Hint: Label{"几个当事人各有各的时写明", "Where several have one each"}, Type: Text}
	reason := field("reason", "理由", "Reason", LongText, true)
	Blanks = map[ActionID]builtin{
		"attach": {Title: Label{"添加附件", "Attach a file"}, Files: true,
			fields: []Field{field("proves", "证明什么", "What it proves", Text, false), {ID: "document", Title: Label{"是哪份文书的签字扫描件", "Signed scan of document"}, Type: Document},
				field("supersedes", "替换附件号", "Replaces attachment no.", Number, false), {ID: "reason", Title: Label{"替换理由", "Reason of the replacement"}, Type: Text}}},
		"note": {Title: Label{"备忘", "Note"},
			fields: []Field{field("text", "内容", "Text", LongText, true)}},
		"correct-fact": {Title: Label{"更正日期", "Correct a day"},
			fields: []Field{field("name", "哪个日期", "Which day", Text, true), field("day", "正确的日期", "The true day", DateType, true), reason, whose}},
		"correct-value": {Title: Label{"更正内容", "Correct a value"},
			fields: []Field{field("name", "哪一栏", "Which field (FORM.field)", Text, true), field("value", "正确的内容", "The true value", LongText, true), reason, whose}},
		"recall": {Title: Label{"撤回", "Recall"},
			fields: []Field{reason}},
		"answer-finding": {Title: Label{"答复待纠正", "Answer a finding"},
			fields: []Field{field("finding", "哪一步", "Which action", Text, true), reason, whose}},
		"hand-over": {Title: Label{"移交承办", "Hand over"},
			fields: []Field{field("officers", "承办人员", "Officers", People, true), field("in-charge", "主办", "In charge", PersonType, false), reason}},
		"mark": {Title: Label{"标记", "Mark"},
			fields: []Field{{ID: "mark", Title: Label{"标记", "Mark"}, Type: ChoiceType, Required: true, Choices: []Allowed{{"urgent", Label{"突发紧急", "Urgent"}}, {"migrant", Label{"农民工工资", "Migrant workers' wages"}}}},
				{ID: "off", Title: Label{"取消标记", "Take it off"}, Type: YesNo}}},
		"supervise": {Title: Label{"督办", "Supervise"},
			fields: []Field{{ID: "answer", Title: Label{"答复督办", "Answer to the supervision"}, Type: LongText},
				{ID: "day", Title: Label{"答复期限", "Answer by"}, Type: DateType, Required: true, When: unanswered},
				{ID: "reason", Title: Label{"督办要求", "What is asked"}, Type: LongText, When: unanswered}}},
		"link-case": {Title: Label{"关联案件", "Link a case"},
			fields: []Field{field("case", "案件编号", "Case", CaseRef, true), {ID: "reason", Title: Label{"关系", "How they are related"}, Type: Text}}},
		"void-document": {Title: Label{"作废文书", "Void a document"},
			fields: []Field{field("n", "文书序号", "Document no.", Number, true), reason}},
		"open-at": {Title: Label{"补录（已在纸上办理的案件）", "Case begun on paper"}, Files: true,
			fields: []Field{field("state", "现在的环节", "State", Text, false),
				{ID: "places", Title: Label{"各当事人的环节", "Places"}, Hint: Label{"几个当事人不在同一环节的，逐人写明", "Where several respondents stand apart"}, Type: Table, Columns: []Field{field("respondent", "当事人", "Respondent", Text, true), field("state", "环节", "State", Text, true)}},
				{ID: "facts", Title: Label{"日期", "Facts"}, Type: Table, Columns: []Field{field("name", "名称", "Fact", Text, true), field("day", "日期", "Day", DateType, true), field("respondent", "哪个当事人的", "Whose", Text, false)}},
				{ID: "numbers", Title: Label{"编号", "Numbers"}, Type: Table, Columns: []Field{field("kind", "类别", "Kind", Text, true), field("number", "编号", "Number", Text, true)}},
				{ID: "officers", Title: Label{"承办人员", "Officers"}, Type: People}, {ID: "in-charge", Title: Label{"主办", "In charge"}, Type: PersonType}}},
	}
}

// unanswered is what holds while the leader orders, and not while somebody answers the order.
var unanswered = &Test{Fields: []FieldTest{{Field: "answer", Values: []string{"none"}}}}
