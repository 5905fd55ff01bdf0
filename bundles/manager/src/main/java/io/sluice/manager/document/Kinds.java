package io.sluice.manager.document;

import io.sluice.config.AccessState;
import io.sluice.config.ChapAlgorithm;
import io.sluice.config.IscsiName;
import io.sluice.config.Network;
import java.util.Collection;
import java.util.Set;

/** The kinds of values in a document, in the words of someone who writes one. */
final class Kinds {

    private static final Set<Class<?>> TEXTS =
            Set.of(String.class, IscsiName.class, AccessState.class, Network.class, ChapAlgorithm.class);

    private Kinds() {}

    /** Returns what is wrong with a value that is not of a type. */
    static String isNot(Class<?> type) {
        if (type == boolean.class) {
            return "it is neither true nor false";
        }
        if (type.isPrimitive()) {
            return "it is not a whole number";
        }
        if (TEXTS.contains(type)) {
            return "it is not a text in quotes";
        }
        if (type == AccessJson.Portal.class) {
            return "it is neither a text in quotes nor an object in braces";
        }
        return Collection.class.isAssignableFrom(type) ? "it is not a list" : "it is not an object in braces";
    }
}
