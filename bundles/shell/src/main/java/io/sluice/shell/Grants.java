package io.sluice.shell;

import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.LunConfig;
import io.sluice.config.LunView;
import io.sluice.config.TargetConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What initiators may do with a target, as people write and read it. */
final class Grants {

    private static final Pattern VIEW = Pattern.compile("(\\d{1,5})(?:=(\\d{1,5}))?(:ro)?");

    private Grants() {}

    /**
     * Reads {@code N[=M][:ro]}: the LUN that a host sees, that of the target, and whether it may only be read.
     *
     * @throws IllegalArgumentException if it is not such a text; the message is fit for a user
     */
    static LunView view(String text) {
        Matcher form = VIEW.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'" + text
                            + "' is not a LUN: write 0, or 0=5 to show LUN 5 of the target as LUN 0, with :ro behind for read-only");
        }
        int lun = number(form.group(1));
        return new LunView(lun, form.group(2) == null ? lun : number(form.group(2)), form.group(3) != null);
    }

    private static int number(String digits) {
        int number = Integer.parseInt(digits);
        if (number > LunConfig.MAX_LUN) {
            throw new IllegalArgumentException("LUN " + number + " is not from 0 to " + LunConfig.MAX_LUN);
        }
        return number;
    }

    /** Returns what a grant is for, in a line. */
    static String what(GrantConfig grant) {
        String luns = grant.luns().stream().map(Grants::text).collect(Collectors.joining(", "));
        return (grant.luns().isEmpty() ? "all LUNs" : (grant.luns().size() == 1 ? "LUN " : "LUNs ") + luns)
                + (grant.readOnly() ? ", read-only" : "")
                + (grant.manage() ? ", may manage it" : "");
    }

    private static String text(LunView view) {
        return view.lun() + (view.lun() == view.of() ? "" : "=" + view.of()) + (view.readOnly() ? ":ro" : "");
    }

    static Map<String, Object> json(GrantConfig grant) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("initiator", grant.initiator());
        json.put("luns", grant.luns().stream().map(Grants::json).toList());
        json.put("readOnly", grant.readOnly());
        json.put("manage", grant.manage());
        return json;
    }

    private static Map<String, Object> json(LunView view) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("lun", view.lun());
        json.put("targetLun", view.of());
        json.put("readOnly", view.readOnly());
        return json;
    }

    /**
     * Returns as what somebody sees a LUN of a target; nothing if he does not.
     *
     * @param initiator name of the initiator as which he was let in; empty where everybody is
     */
    static List<LunView> views(GatewayConfig config, TargetConfig target, LunConfig lun, String initiator) {
        List<String> names = config.granteeNames(initiator);
        GrantConfig grant = target.grants().stream()
                .filter(candidate -> names.contains(candidate.initiator()))
                .findFirst()
                .orElse(null);
        if (grant == null || grant.luns().isEmpty()) {
            boolean readOnly = lun.readOnly() || grant != null && grant.readOnly();
            return List.of(new LunView(lun.lun(), lun.lun(), readOnly));
        }
        return grant.luns().stream()
                .filter(view -> view.of() == lun.lun())
                .map(view -> new LunView(view.lun(), view.of(), view.readOnly() || grant.readOnly() || lun.readOnly()))
                .toList();
    }

    /** Returns the lines of several grants. */
    static List<String> lines(List<GrantConfig> grants) {
        return grants.stream()
                .map(grant -> grant.initiator() + ": " + what(grant))
                .toList();
    }
}
