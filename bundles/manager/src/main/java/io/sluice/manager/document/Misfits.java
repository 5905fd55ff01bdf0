package io.sluice.manager.document;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;

/** Says in one line where a document does not fit, and why. */
final class Misfits {

    private Misfits() {}

    static String reason(JsonMappingException misfit) {
        if (misfit.getOriginalMessage().startsWith("Missing required creator property")) {
            return "it is missing";
        }
        return misfit instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
                ? Kinds.isNot(mismatch.getTargetType())
                : firstLine(misfit.getOriginalMessage());
    }

    /** What is wrong with a text that is no JSON. The parser's own words quote it, and what was given by mistake may be a secret. */
    static String torn(JsonProcessingException torn) {
        String message = torn.getOriginalMessage();
        String reason = "it is not JSON";
        if (message.startsWith("Unexpected end-of-input")) {
            reason = "it ends before what was begun";
        } else if (message.startsWith("Duplicate field")) {
            reason = firstLine(message);
        }
        JsonLocation place = torn.getLocation();
        return place == null ? reason : "line " + place.getLineNr() + ", column " + place.getColumnNr() + ": " + reason;
    }

    static String place(JsonMappingException misfit) {
        StringBuilder place = new StringBuilder();
        for (JsonMappingException.Reference reference : misfit.getPath()) {
            if (reference.getFieldName() != null) {
                place.append(place.isEmpty() ? "" : ".").append(reference.getFieldName());
            } else {
                place.append('[').append(reference.getIndex()).append(']');
            }
        }
        return place.isEmpty() ? "" : place + ": ";
    }

    static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return firstLine(String.valueOf(root.getMessage()));
    }

    static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
