package io.sluice.rest.shape;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request is refused, and nothing has been changed. It has no stack: requests of strangers are not worth one. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int LONGEST = 512;

    private final int status;
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    /**
     * @param status the HTTP status code
     * @param detail one line for the user; what cannot be shown in it becomes a question mark
     */
    public RefusedException(int status, String detail) {
        super(oneLine(detail), null, false, false);
        this.status = status;
    }

    /** Adds a header of the answer. */
    public RefusedException with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /** Returns the HTTP status code. */
    public int status() {
        return status;
    }

    /** Returns headers that the answer has, by name. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Returns a text as a line that tells no terminal anything. */
    public static String oneLine(String text) {
        String line = String.valueOf(text).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }
}
