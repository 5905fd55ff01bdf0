package io.sluice.iscsi.trace;

/** Task management functions and their responses, for people (RFC 7143 11.5.1, 11.6.1). */
final class FunctionWords {

    private static final String[] FUNCTIONS = {
        "task management function",
        "ABORT TASK",
        "ABORT TASK SET",
        "CLEAR ACA",
        "CLEAR TASK SET",
        "LOGICAL UNIT RESET",
        "TARGET WARM RESET",
        "TARGET COLD RESET",
        "TASK REASSIGN"
    };

    private static final String[] RESPONSES = {
        "complete",
        "task does not exist",
        "LUN does not exist",
        "task still allegiant",
        "task allegiance reassignment not supported",
        "not supported",
        "authorization failed"
    };

    private FunctionWords() {}

    /** @param function its code; negative if it was not seen */
    static String of(int function, int response) {
        boolean known = function > 0 && function < FUNCTIONS.length;
        String answer = response < RESPONSES.length ? RESPONSES[response] : "rejected";
        return FUNCTIONS[known ? function : 0] + ": " + answer;
    }
}
