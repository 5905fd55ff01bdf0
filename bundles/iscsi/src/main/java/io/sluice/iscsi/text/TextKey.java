package io.sluice.iscsi.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every text key of RFC 7143 13 (and 7144 for the protocol level): how it is negotiated, its default and its range. */
public enum TextKey {
    // spotless:off
    //                                            rule                default           min       max  clause  irrelevant in discovery
    AUTH_METHOD(             "AuthMethod",             Rule.AUTHENTICATION, "None",         "CHAP,None",            "12.1"),
    HEADER_DIGEST(           "HeaderDigest",           Rule.LIST,        "None",            "CRC32C,None",          "13.1"),
    DATA_DIGEST(             "DataDigest",             Rule.LIST,        "None",            "CRC32C,None",          "13.1"),
    MAX_CONNECTIONS(         "MaxConnections",         Rule.MINIMUM,     1,        1,        65_535,                "13.2",  true),
    SEND_TARGETS(            "SendTargets",            Rule.TEXT_ONLY,   "",                "",                     "13.3"),
    TARGET_NAME(             "TargetName",             Rule.DECLARATIVE, "",                "",                     "13.4"),
    INITIATOR_NAME(          "InitiatorName",          Rule.DECLARATIVE, "",                "",                     "13.5"),
    TARGET_ALIAS(            "TargetAlias",            Rule.TARGET_ONLY, "",                "",                     "13.6"),
    INITIATOR_ALIAS(         "InitiatorAlias",         Rule.DECLARATIVE, "",                "",                     "13.7"),
    TARGET_ADDRESS(          "TargetAddress",          Rule.TARGET_ONLY, "",                "",                     "13.8"),
    TARGET_PORTAL_GROUP_TAG( "TargetPortalGroupTag",   Rule.TARGET_ONLY, "",                "",                     "13.9"),
    INITIAL_R2T(             "InitialR2T",             Rule.OR,          "Yes",             "Yes,No",               "13.10", true),
    IMMEDIATE_DATA(          "ImmediateData",          Rule.AND,         "Yes",             "Yes,No",               "13.11", true),
    MAX_RECV_DATA_SEGMENT_LENGTH("MaxRecvDataSegmentLength", Rule.DECLARED_NUMBER, 8_192, 512, 16_777_215,          "13.12", false),
    MAX_BURST_LENGTH(        "MaxBurstLength",         Rule.MINIMUM,     262_144,  512,      16_777_215,            "13.13", true),
    FIRST_BURST_LENGTH(      "FirstBurstLength",       Rule.MINIMUM,     65_536,   512,      16_777_215,            "13.14", true),
    DEFAULT_TIME2WAIT(       "DefaultTime2Wait",       Rule.MAXIMUM,     2,        0,        3_600,                 "13.15", false),
    DEFAULT_TIME2RETAIN(     "DefaultTime2Retain",     Rule.MINIMUM,     20,       0,        3_600,                 "13.16", false),
    MAX_OUTSTANDING_R2T(     "MaxOutstandingR2T",      Rule.MINIMUM,     1,        1,        65_535,                "13.17", true),
    DATA_PDU_IN_ORDER(       "DataPDUInOrder",         Rule.OR,          "Yes",             "Yes,No",               "13.18", true),
    DATA_SEQUENCE_IN_ORDER(  "DataSequenceInOrder",    Rule.OR,          "Yes",             "Yes,No",               "13.19", true),
    ERROR_RECOVERY_LEVEL(    "ErrorRecoveryLevel",     Rule.MINIMUM,     0,        0,        2,                     "13.20", false),
    SESSION_TYPE(            "SessionType",            Rule.DECLARED_CHOICE, "Normal",      "Discovery,Normal",     "13.21"),
    TASK_REPORTING(          "TaskReporting",          Rule.LIST,        "RFC3720",         "RFC3720",              "13.23"),
    ISCSI_PROTOCOL_LEVEL(    "iSCSIProtocolLevel",     Rule.MINIMUM,     1,        0,        31,                    "13.24", false),
    IF_MARKER(               "IFMarker",               Rule.OBSOLETE_FLAG, "No",            "Yes,No",               "13.25"),
    OF_MARKER(               "OFMarker",               Rule.OBSOLETE_FLAG, "No",            "Yes,No",               "13.25"),
    IF_MARK_INT(             "IFMarkInt",              Rule.OBSOLETE_RANGE, "",             "",                     "13.25"),
    OF_MARK_INT(             "OFMarkInt",              Rule.OBSOLETE_RANGE, "",             "",                     "13.25"),
    CHAP_A(                  "CHAP_A",                 Rule.AUTHENTICATION, "",             "",                     "12.1.3"),
    CHAP_I(                  "CHAP_I",                 Rule.AUTHENTICATION, "",             "",                     "12.1.3"),
    CHAP_C(                  "CHAP_C",                 Rule.AUTHENTICATION, "",             "",                     "12.1.3"),
    CHAP_N(                  "CHAP_N",                 Rule.AUTHENTICATION, "",             "",                     "12.1.3"),
    CHAP_R(                  "CHAP_R",                 Rule.AUTHENTICATION, "",             "",                     "12.1.3");
    // spotless:on

    /** How two sides come to a value (RFC 7143 6.2). */
    public enum Rule {
        /** The first value of the initiator's list that the target supports. */
        LIST,
        /** The smaller number. */
        MINIMUM,
        /** The larger number. */
        MAXIMUM,
        /** Yes if either side says so. */
        OR,
        /** Yes if both sides say so. */
        AND,
        /** Each side declares a number of its own. */
        DECLARED_NUMBER,
        /** The initiator declares one of a few values. */
        DECLARED_CHOICE,
        /** The initiator declares a text. */
        DECLARATIVE,
        /** Only a target may send it. */
        TARGET_ONLY,
        /** Belongs into text requests of the full feature phase. */
        TEXT_ONLY,
        /** Obsolete; the answer is No. */
        OBSOLETE_FLAG,
        /** Obsolete; the answer is Reject. */
        OBSOLETE_RANGE,
        /** A step of proving who one is, in the security stage. */
        AUTHENTICATION
    }

    private static final int MAX_VALUE_BYTES = 255;

    /** 1,024 bytes in hexadecimal, the longer of the two encodings. */
    private static final int MAX_BINARY_VALUE_BYTES = 2 + 2 * 1024;

    private static final Map<String, TextKey> BY_NAME = new HashMap<>();

    static {
        for (TextKey key : values()) {
            if (BY_NAME.put(key.key, key) != null) {
                throw new IllegalStateException("two keys " + key.key);
            }
        }
    }

    private final String key;
    private final Rule rule;
    private final String defaultValue;
    private final List<String> choices;
    private final int minimum;
    private final int maximum;
    private final String clause;
    private final boolean irrelevantInDiscovery;

    TextKey(String key, Rule rule, String defaultValue, String choices, String clause) {
        this(key, rule, defaultValue, choices, clause, false);
    }

    TextKey(String key, Rule rule, String defaultValue, String choices, String clause, boolean irrelevant) {
        this.key = key;
        this.rule = rule;
        this.defaultValue = defaultValue;
        this.choices = List.of(choices.split(","));
        this.minimum = 0;
        this.maximum = 0;
        this.clause = clause;
        this.irrelevantInDiscovery = irrelevant;
    }

    TextKey(String key, Rule rule, int defaultValue, int minimum, int maximum, String clause, boolean irrelevant) {
        this.key = key;
        this.rule = rule;
        this.defaultValue = Integer.toString(defaultValue);
        this.choices = List.of();
        this.minimum = minimum;
        this.maximum = maximum;
        this.clause = clause;
        this.irrelevantInDiscovery = irrelevant;
    }

    /** Returns the key as it is spelled on the wire. */
    public String key() {
        return key;
    }

    /** Returns how it is negotiated. */
    public Rule rule() {
        return rule;
    }

    /** Returns the value that holds if nobody offers another. */
    public String defaultValue() {
        return defaultValue;
    }

    /** Returns the values that exist, for a key that has a few. */
    public List<String> choices() {
        return choices;
    }

    /** Returns the smallest number. */
    public int minimum() {
        return minimum;
    }

    /** Returns the largest number. */
    public int maximum() {
        return maximum;
    }

    /** Returns whether the key may come in the security stage of a login. */
    public boolean inSecurityStage() {
        return rule == Rule.AUTHENTICATION
                || this == SESSION_TYPE
                || this == TARGET_NAME
                || this == INITIATOR_NAME
                || this == INITIATOR_ALIAS;
    }

    /** Returns how long the value of a key may be, of one that is not known too (RFC 7143 6.1, 12.1.3). */
    static int maxValueBytes(String name) {
        return name.equals(CHAP_C.key) || name.equals(CHAP_R.key) ? MAX_BINARY_VALUE_BYTES : MAX_VALUE_BYTES;
    }

    /** Returns whether the key is negotiated by the first connection of a session, for all of them (RFC 7143 13, LO). */
    public boolean leadingOnly() {
        return switch (this) {
            case MAX_CONNECTIONS,
                    INITIAL_R2T,
                    IMMEDIATE_DATA,
                    MAX_BURST_LENGTH,
                    FIRST_BURST_LENGTH,
                    DEFAULT_TIME2WAIT,
                    DEFAULT_TIME2RETAIN,
                    MAX_OUTSTANDING_R2T,
                    DATA_PDU_IN_ORDER,
                    DATA_SEQUENCE_IN_ORDER,
                    ERROR_RECOVERY_LEVEL,
                    TASK_REPORTING,
                    ISCSI_PROTOCOL_LEVEL -> true;
            default -> false;
        };
    }

    /** Returns the clause of RFC 7143. */
    public String clause() {
        return clause;
    }

    /** Returns whether the key means nothing in a discovery session. */
    public boolean irrelevantInDiscovery() {
        return irrelevantInDiscovery;
    }

    /** Returns the key of a name, or null. */
    public static TextKey find(String name) {
        return BY_NAME.get(name);
    }
}
