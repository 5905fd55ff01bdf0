package io.sluice.iscsi.text;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The target's side of a negotiation: answers offers by the rules of {@link TextKey} and keeps the results. */
public final class Negotiation {

    /** What a side says to a key that it does not know (RFC 7143 6.2). */
    public static final String NOT_UNDERSTOOD = "NotUnderstood";
    /** What a side says to a value that it cannot take. */
    public static final String REJECT = "Reject";
    /** What a side says to a key that means nothing here. */
    public static final String IRRELEVANT = "Irrelevant";

    private static final int MAX_NUMBER_DIGITS = 20;

    /** The target's own values where they differ from the defaults. */
    private static final Map<TextKey, String> OWN = Map.of(
            TextKey.MAX_RECV_DATA_SEGMENT_LENGTH, "262144",
            TextKey.MAX_BURST_LENGTH, "1048576",
            TextKey.FIRST_BURST_LENGTH, "262144",
            TextKey.INITIAL_R2T, "No",
            TextKey.MAX_OUTSTANDING_R2T, "8",
            TextKey.DEFAULT_TIME2RETAIN, "0");

    private final Map<TextKey, String> results = new EnumMap<>(TextKey.class);
    private final Map<String, String> seen = new HashMap<>();
    private boolean ownLimitDeclared;
    private boolean leading = true;
    private int ownMaxConnections = 1;

    /** Begins with the defaults. */
    public Negotiation() {
        for (TextKey key : TextKey.values()) {
            results.put(key, key.defaultValue());
        }
    }

    /** The target takes so many connections in a session. */
    public void maxConnections(int most) {
        ownMaxConnections = most;
    }

    /** The connection is not the first of its session, which has agreed on what holds for all of them. */
    public void joins() {
        leading = false;
    }

    /**
     * Answers the offers of one text.
     *
     * @param offers pairs from the initiator
     * @param operational whether the target may declare its own values now: in the operational stage
     * @return pairs for the initiator, in order
     * @throws TextException if a key was negotiated before or has no place here
     */
    public List<Map.Entry<String, String>> answer(Map<String, String> offers, boolean operational)
            throws TextException {
        List<Map.Entry<String, String>> answers = new ArrayList<>();
        for (Map.Entry<String, String> offer : offers.entrySet()) {
            String before = seen.putIfAbsent(offer.getKey(), offer.getValue());
            if (before != null) {
                requireSameDeclaration(offer, before);
                continue;
            }
            String answer = answer(offer.getKey(), offer.getValue(), operational);
            if (answer != null) {
                answers.add(Map.entry(offer.getKey(), answer));
            }
        }
        answers.replaceAll(this::limitFirstBurst);
        if (operational && !ownLimitDeclared) {
            ownLimitDeclared = true;
            answers.add(Map.entry(
                    TextKey.MAX_RECV_DATA_SEGMENT_LENGTH.key(), OWN.get(TextKey.MAX_RECV_DATA_SEGMENT_LENGTH)));
        }
        return answers;
    }

    /** Some initiators declare their names and the type of the session in each stage; nothing is negotiated by that. */
    private static void requireSameDeclaration(Map.Entry<String, String> offer, String before) throws TextException {
        TextKey key = TextKey.find(offer.getKey());
        boolean declaration =
                key != null && (key.rule() == TextKey.Rule.DECLARATIVE || key.rule() == TextKey.Rule.DECLARED_CHOICE);
        if (!declaration || !before.equals(offer.getValue())) {
            throw new TextException("key " + printable(offer.getKey()) + " is negotiated twice");
        }
    }

    /** FirstBurstLength is not to exceed MaxBurstLength (RFC 7143 13.14), whichever of the two comes first. */
    private Map.Entry<String, String> limitFirstBurst(Map.Entry<String, String> answer) {
        boolean concerned = answer.getKey().equals(TextKey.FIRST_BURST_LENGTH.key())
                && answer.getValue().equals(value(TextKey.FIRST_BURST_LENGTH));
        return concerned
                ? Map.entry(answer.getKey(), settle(TextKey.FIRST_BURST_LENGTH, Integer.toString(firstBurstLength())))
                : answer;
    }

    private int firstBurstLength() {
        return Math.min(intValue(TextKey.FIRST_BURST_LENGTH), intValue(TextKey.MAX_BURST_LENGTH));
    }

    private String answer(String name, String value, boolean operational) throws TextException {
        TextKey key = TextKey.find(name);
        if (key == null) {
            return NOT_UNDERSTOOD;
        }
        if (!operational && !key.inSecurityStage()) {
            throw new TextException("key " + key.key() + " has no place in this stage");
        }
        if (!leading && key.leadingOnly()) {
            throw new TextException("key " + key.key() + " is negotiated by the first connection of a session only");
        }
        if (discovery() && key.irrelevantInDiscovery()) {
            return IRRELEVANT;
        }
        return switch (key.rule()) {
            case LIST -> settle(key, firstOf(value, key.choices()));
            case OR -> settle(key, flag(value, "Yes".equals(value) || "Yes".equals(own(key))));
            case AND -> settle(key, flag(value, "Yes".equals(value) && "Yes".equals(own(key))));
            case MINIMUM -> settle(key, number(key, value, false));
            case MAXIMUM -> settle(key, number(key, value, true));
            case DECLARED_NUMBER -> declareNumber(key, value);
            case DECLARED_CHOICE -> declareChoice(key, value);
            case DECLARATIVE -> {
                results.put(key, value);
                yield null;
            }
            case OBSOLETE_FLAG -> "No";
            case OBSOLETE_RANGE -> REJECT;
            case TARGET_ONLY, TEXT_ONLY, AUTHENTICATION ->
                throw new TextException("key " + key.key() + " has no place in a login request");
        };
    }

    private String settle(TextKey key, String result) {
        if (!REJECT.equals(result)) {
            results.put(key, result);
        }
        return result;
    }

    private static String firstOf(String offered, List<String> supported) {
        for (String candidate : offered.split(",", -1)) {
            if (supported.contains(candidate)) {
                return candidate;
            }
        }
        return REJECT;
    }

    private static String flag(String offered, boolean result) {
        if (!"Yes".equals(offered) && !"No".equals(offered)) {
            return REJECT;
        }
        return result ? "Yes" : "No";
    }

    private String number(TextKey key, String value, boolean larger) {
        long offered = parse(value);
        if (offered < key.minimum() || offered > key.maximum()) {
            return REJECT;
        }
        long own = Long.parseLong(own(key));
        return Long.toString(larger ? Math.max(offered, own) : Math.min(offered, own));
    }

    private String declareNumber(TextKey key, String value) throws TextException {
        results.put(key, Integer.toString(declaredNumber(key, value)));
        return null;
    }

    /**
     * Returns the number that a side declares.
     *
     * @throws TextException if it is out of the range of the key
     */
    public static int declaredNumber(TextKey key, String value) throws TextException {
        long declared = parse(value);
        if (declared < key.minimum() || declared > key.maximum()) {
            throw new TextException(key.key() + " is not from " + key.minimum() + " to " + key.maximum());
        }
        return (int) declared;
    }

    private String declareChoice(TextKey key, String value) throws TextException {
        if (!key.choices().contains(value)) {
            throw new TextException(key.key() + " is none of " + key.choices());
        }
        results.put(key, value);
        return null;
    }

    /** Reads a decimal or hexadecimal number (RFC 7143 6.1); anything else, or one that is too long, is -1. */
    public static long parse(String value) {
        boolean hex = value.startsWith("0x") || value.startsWith("0X");
        String digits = hex ? value.substring(2) : value;
        if (digits.isEmpty() || digits.length() > MAX_NUMBER_DIGITS || !digits.matches("[0-9a-fA-F]+")) {
            return -1;
        }
        try {
            return Long.parseLong(digits, hex ? 16 : 10);
        } catch (NumberFormatException tooLargeOrNotDecimal) {
            return -1;
        }
    }

    private String own(TextKey key) {
        return key == TextKey.MAX_CONNECTIONS
                ? Integer.toString(ownMaxConnections)
                : OWN.getOrDefault(key, key.defaultValue());
    }

    /** Returns what holds for a key now. */
    public String value(TextKey key) {
        return results.get(key);
    }

    /** Returns whether the initiator has named the key. */
    public boolean offered(TextKey key) {
        return seen.containsKey(key.key());
    }

    /** Returns whether this is a discovery session. */
    public boolean discovery() {
        return "Discovery".equals(results.get(TextKey.SESSION_TYPE));
    }

    /** Returns the result in typed form. */
    public NegotiatedParameters parameters() {
        return new NegotiatedParameters(
                "CRC32C".equals(value(TextKey.HEADER_DIGEST)),
                "CRC32C".equals(value(TextKey.DATA_DIGEST)),
                intValue(TextKey.MAX_RECV_DATA_SEGMENT_LENGTH),
                Integer.parseInt(own(TextKey.MAX_RECV_DATA_SEGMENT_LENGTH)),
                intValue(TextKey.MAX_BURST_LENGTH),
                firstBurstLength(),
                "Yes".equals(value(TextKey.INITIAL_R2T)),
                "Yes".equals(value(TextKey.IMMEDIATE_DATA)),
                intValue(TextKey.MAX_OUTSTANDING_R2T),
                intValue(TextKey.DEFAULT_TIME2WAIT),
                intValue(TextKey.DEFAULT_TIME2RETAIN),
                intValue(TextKey.ERROR_RECOVERY_LEVEL),
                intValue(TextKey.MAX_CONNECTIONS));
    }

    private int intValue(TextKey key) {
        return Integer.parseInt(value(key));
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
