package io.sluice.shell;

import io.sluice.config.InitiatorConfig;
import io.sluice.config.LimitConfig;
import io.sluice.config.Network;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Units;
import java.util.ArrayList;
import java.util.List;

/** Initiators as people read them. */
final class Initiators {

    private Initiators() {}

    /** Returns who an initiator is, for the end of a sentence. */
    static String who(InitiatorConfig initiator) {
        String names = initiator.names().isEmpty() ? "any host" : String.join(" or ", initiator.names());
        String from = initiator.addresses().isEmpty() ? "" : " from " + String.join(" or ", addresses(initiator));
        return names
                + from
                + (initiator.chap() == null ? "" : ", with CHAP as " + proof(initiator))
                + (initiator.limits() == null ? "" : ", limited to " + limits(initiator.limits()));
    }

    /** Returns limits in words; nothing for none. */
    static String limits(LimitConfig limits) {
        if (limits == null) {
            return "";
        }
        List<String> words = new ArrayList<>();
        if (limits.iops() > 0) {
            words.add(limits.iops() + " commands/s");
        }
        if (limits.bandwidthBytes() > 0) {
            words.add(Units.bytes(limits.bandwidthBytes()) + "/s");
        }
        words.add("burst "
                + (limits.burstMillis() % 1000 == 0 ? limits.burstMillis() / 1000 + "s" : limits.burstMillis() + "ms"));
        return String.join(", ", words);
    }

    /** Adds limits for programs: null where there is none, and for a group (null). */
    static Item jsonLimits(Item item, LimitConfig limits) {
        return item.json("limitCommandsPerSecond", limits == null || limits.iops() == 0 ? null : limits.iops())
                .json(
                        "limitBytesPerSecond",
                        limits == null || limits.bandwidthBytes() == 0 ? null : limits.bandwidthBytes())
                .json("limitBurstMillis", limits == null ? null : limits.burstMillis());
    }

    /** Returns what is proven at a login, or nothing. */
    static String proof(InitiatorConfig initiator) {
        if (initiator.chap() == null) {
            return "";
        }
        String mutual = initiator.mutual() == null
                ? ""
                : ", the target as " + initiator.mutual().user();
        return initiator.chap().user() + mutual;
    }

    static List<String> addresses(InitiatorConfig initiator) {
        return initiator.addresses().stream().map(Network::toString).toList();
    }
}
