package io.sluice.access;

import io.sluice.config.ChapConfig;
import io.sluice.config.InitiatorConfig;
import java.util.List;

/** An initiator of the configuration, ready to be compared with who comes. */
final class Host {

    /** How exactly a host says who it is; the more exact one decides. */
    enum Exactness {
        NAME,
        PATTERN,
        PROOF,
        NETWORK,
        ANYBODY
    }

    private final InitiatorConfig config;
    private final List<NamePattern> names;

    Host(InitiatorConfig config) {
        this.config = config;
        this.names = config.names().stream().map(NamePattern::new).toList();
    }

    String name() {
        return config.name();
    }

    /** Returns what it has to prove, or null. */
    ChapConfig chap() {
        return config.chap();
    }

    ChapConfig mutual() {
        return config.mutual();
    }

    /** Returns whether it is he, of whom a CHAP user has been proven or nothing (null). */
    boolean provenBy(String user) {
        return chap() == null || chap().user().equals(user);
    }

    /** Returns how exactly it is the caller, who may still have to prove it; null if it is not. */
    Exactness match(Caller caller) {
        boolean here = config.addresses().isEmpty()
                || config.addresses().stream().anyMatch(network -> network.contains(caller.remote()));
        if (!here) {
            return null;
        }
        if (!names.isEmpty()) {
            return byName(caller.initiator());
        }
        return withoutName();
    }

    /** Returns whether somebody can be this host and another one alike, so that neither says more exactly who he is. */
    boolean rivals(Host other) {
        return provenTogether(other) && sameNetwork(other) && sameNames(other);
    }

    /** Of two CHAP users one is proven. */
    private boolean provenTogether(Host other) {
        return chap() == null
                || other.chap() == null
                || chap().user().equals(other.chap().user());
    }

    private boolean sameNetwork(Host other) {
        return config.addresses().isEmpty()
                || other.config.addresses().isEmpty()
                || config.addresses().stream()
                        .anyMatch(one -> other.config.addresses().stream().anyMatch(one::overlaps));
    }

    private boolean sameNames(Host other) {
        if (names.isEmpty() || other.names.isEmpty()) {
            return names.isEmpty() && other.names.isEmpty() && withoutName() == other.withoutName();
        }
        return names.stream()
                .anyMatch(one -> other.names.stream().anyMatch(two -> one.exact() == two.exact() && one.overlaps(two)));
    }

    private Exactness withoutName() {
        if (config.chap() != null) {
            return Exactness.PROOF;
        }
        return config.addresses().isEmpty() ? Exactness.ANYBODY : Exactness.NETWORK;
    }

    private Exactness byName(String initiator) {
        Exactness best = null;
        for (NamePattern pattern : names) {
            if (pattern.matches(initiator)) {
                if (pattern.exact()) {
                    return Exactness.NAME;
                }
                best = Exactness.PATTERN;
            }
        }
        return best;
    }
}
