package procedure

// A command on a case whose respondents walk alone moves those whom its value `respondent` names, by default all who stand
// where the action stands. It is parted: what stands at one place, on one open paper, is one event. All of it is decided on
// one working copy and committed together, or nothing is.

// RespondentField is the value of a command that names the respondents whom it moves; any action takes it.
const RespondentField FieldID = "respondent"
