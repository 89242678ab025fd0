package refusal

func Unmet(code Code, args Args) *Error {
	return &Error{Code: ConditionUnmet, Conditions: []Condition{{Code: code, Args: args}}}
}

func Field(path, why string, args Args) *Error {
	return &Error{Code: FieldInvalid, Fields: []FieldFault{{path, FieldInvalid, why, args}}}
}
