package fakegoogle

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// apiError is an error that Google answers, as its documentation shows them.
// https://developers.google.com/workspace/calendar/api/guides/errors
type apiError struct {
	Code         int
	Domain       string
	Reason       string
	Message      string
	LocationType string
	Location     string
	// FrontEnd, when not empty, adds the "status" key that errors of Google's front end have (credentials, scopes).
	FrontEnd string
	// RetryAfter, in seconds, becomes a header when above zero.
	RetryAfter int
	// RawType, when not empty, is the content type of an answer that is not JSON: Raw.
	RawType string
	Raw     string
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s: %s", e.Code, e.Reason, e.Message) }

func (e *apiError) write(w http.ResponseWriter) {
	if e.RawType != "" {
		w.Header().Set("Content-Type", e.RawType)
		w.WriteHeader(e.Code)
		_, _ = w.Write([]byte(e.Raw)) // the client has gone; nothing is left to tell it
		return
	}
	item := map[string]string{"domain": e.Domain, "reason": e.Reason, "message": e.Message}
	if e.Location != "" {
		item["locationType"], item["location"] = e.LocationType, e.Location
	}
	body := map[string]any{"errors": []any{item}, "code": e.Code, "message": e.Message}
	if e.FrontEnd != "" {
		body["status"] = e.FrontEnd
	}
	if e.FrontEnd == "PERMISSION_DENIED" {
		body["details"] = []any{map[string]any{
			"@type":  "type.googleapis.com/google.rpc.ErrorInfo",
			"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
			"domain": "googleapis.com",
		}}
	}
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(e.RetryAfter))
	}
	writeJSON(w, e.Code, map[string]any{"error": body})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client has gone; nothing is left to tell it
}

// standardError is the error that Google answers with this status and reason.
func standardError(code int, reason string) *apiError {
	e := &apiError{Code: code, Domain: "global", Reason: reason, Message: http.StatusText(code)}
	switch reason {
	case "userRateLimitExceeded":
		e.Domain, e.Message = "usageLimits", "User Rate Limit Exceeded"
	case "rateLimitExceeded":
		e.Domain, e.Message = "usageLimits", "Rate Limit Exceeded"
	case "quotaExceeded":
		e.Domain, e.Message = "usageLimits", "Calendar usage limits exceeded."
	case "accessNotConfigured":
		e.Domain, e.Message = "usageLimits", "Google Calendar API has not been used in this project before or it is disabled."
	case "backendError":
		e.Message = "Backend Error"
	case "authError":
		return errCredentials()
	case "insufficientPermissions":
		return errScopes()
	case "forbiddenForServiceAccounts":
		return errServiceAccountGuests()
	case "requiredAccessLevel":
		return errWriterNeeded()
	case "forbiddenForNonOrganizer":
		return errNotOrganizer()
	case "notFound":
		return errNotFound()
	case "duplicate":
		return errDuplicate()
	case "deleted":
		return errDeleted()
	case "conditionNotMet":
		return errCondition()
	case "fullSyncRequired":
		return errFullSync()
	}
	return e
}

func errInvalid(message string) *apiError {
	return &apiError{Code: 400, Domain: "global", Reason: "invalid", Message: message}
}

func errBadRequest(message string) *apiError {
	return &apiError{Code: 400, Domain: "global", Reason: "badRequest", Message: message}
}

func errParse(message string) *apiError {
	return &apiError{Code: 400, Domain: "global", Reason: "parseError", Message: message}
}

func errParameter(name, value string) *apiError {
	return &apiError{Code: 400, Domain: "global", Reason: "invalidParameter", LocationType: "parameter", Location: name,
		Message: fmt.Sprintf("Invalid value '%s' for parameter '%s'.", value, name)}
}

func errRequired(message string) *apiError {
	return &apiError{Code: 400, Domain: "global", Reason: "required", Message: message}
}

func errRangeEmpty() *apiError {
	return &apiError{Code: 400, Domain: "calendar", Reason: "timeRangeEmpty", LocationType: "parameter", Location: "timeMax",
		Message: "The specified time range is empty."}
}

func errRangeTooLong() *apiError {
	return &apiError{Code: 400, Domain: "calendar", Reason: "timeRangeTooLong", Message: "The requested time range is too long."}
}

func errCredentials() *apiError {
	return &apiError{Code: 401, Domain: "global", Reason: "authError", LocationType: "header", Location: "Authorization",
		Message: "Invalid Credentials", FrontEnd: "UNAUTHENTICATED"}
}

func errScopes() *apiError {
	return &apiError{Code: 403, Domain: "global", Reason: "insufficientPermissions",
		Message: "Request had insufficient authentication scopes.", FrontEnd: "PERMISSION_DENIED"}
}

func errServiceAccountGuests() *apiError {
	return &apiError{Code: 403, Domain: "calendar", Reason: "forbiddenForServiceAccounts",
		Message: "Service accounts cannot invite attendees without Domain-Wide Delegation of Authority."}
}

func errWriterNeeded() *apiError {
	return &apiError{Code: 403, Domain: "calendar", Reason: "requiredAccessLevel",
		Message: "You need to have writer access to this calendar."}
}

func errReaderNeeded() *apiError {
	return &apiError{Code: 403, Domain: "calendar", Reason: "requiredAccessLevel",
		Message: "You need to have reader access to this calendar."}
}

func errOwnerNeeded() *apiError {
	return &apiError{Code: 403, Domain: "calendar", Reason: "requiredAccessLevel",
		Message: "You need to have owner access to this calendar."}
}

func errNotOrganizer() *apiError {
	return &apiError{Code: 403, Domain: "calendar", Reason: "forbiddenForNonOrganizer",
		Message: "Shared properties can only be changed by the organizer of the event."}
}

func errNotFound() *apiError {
	return &apiError{Code: 404, Domain: "global", Reason: "notFound", Message: "Not Found"}
}

func errDuplicate() *apiError {
	return &apiError{Code: 409, Domain: "global", Reason: "duplicate", Message: "The requested identifier already exists."}
}

func errDeleted() *apiError {
	return &apiError{Code: 410, Domain: "global", Reason: "deleted", Message: "Resource has been deleted"}
}

func errFullSync() *apiError {
	return &apiError{Code: 410, Domain: "calendar", Reason: "fullSyncRequired", LocationType: "parameter", Location: "syncToken",
		Message: "Sync token is no longer valid, a full sync is required."}
}

func errUpdatedMin() *apiError {
	return &apiError{Code: 410, Domain: "calendar", Reason: "updatedMinTooLongAgo", LocationType: "parameter", Location: "updatedMin",
		Message: "The requested minimum modification time lies too far in the past."}
}

func errCondition() *apiError {
	return &apiError{Code: 412, Domain: "global", Reason: "conditionNotMet", LocationType: "header", Location: "If-Match",
		Message: "Precondition Failed"}
}
