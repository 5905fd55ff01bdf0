package io.sluice.manager.document;

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
