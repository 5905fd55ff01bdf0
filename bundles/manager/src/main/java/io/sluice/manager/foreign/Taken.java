package io.sluice.manager.foreign;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.backstore.Secret;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import io.sluice.manager.document.SecretFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has been taken over so far, and what has not. */
final class Taken {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MOST_LEFT = 1000;
    private static final int LONGEST_NAME = 48;
    private static final int LONGEST_WORDS = 300;

    private final GatewayConfig present;
    private final ObjectNode document = JSON.objectNode().put("version", 1).put("part", true);
    private final ArrayNode portals = document.putArray("portals");
    private final ArrayNode backstores = document.putArray("backstores");
    private final ArrayNode targets = document.putArray("targets");
    private final ArrayNode initiators = document.putArray("initiators");
    private final Map<String, Secret> secrets = new LinkedHashMap<>();
    private final Map<String, String> users = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> iqns = new HashSet<>();
    private final Set<String> addresses = new HashSet<>();
    private final List<String> left = new ArrayList<>();

    Taken(GatewayConfig present) {
        this.present = present;
    }

    /** Something is not taken over. */
    void leave(String what) {
        if (left.size() < MOST_LEFT) {
            String line = what.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
            left.add(line.length() > LONGEST_WORDS ? line.substring(0, LONGEST_WORDS) + "…" : line);
        }
    }

    /** Returns a name as it can be here, and that nothing else has. */
    String name(String wanted) {
        String plain = wanted.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
        String base = plain.isEmpty() ? "imported" : plain.substring(0, Math.min(plain.length(), LONGEST_NAME));
        String name = base;
        for (int i = 2; !names.add(name); i++) {
            name = base + "-" + i;
        }
        return name;
    }

    /** Adds a backstore. */
    ObjectNode backstore(String name, String type, long sizeBytes) {
        return backstores.addObject().put("name", name).put("type", type).put("sizeBytes", sizeBytes);
    }

    /** Adds a target; returns null if its name cannot be one, or is there already. */
    ObjectNode target(String iqn) {
        try {
            String name = new IscsiName(iqn).value();
            if (present.target(new IscsiName(iqn)).isPresent()) {
                leave("target " + name + ": there is one of that name already, which stays as it is");
                return null;
            }
            if (!iqns.add(name)) {
                leave("target " + name + ": it is there twice");
                return null;
            }
            return targets.addObject().put("name", name);
        } catch (IllegalArgumentException none) {
            leave("target " + iqn + ": that is not an iSCSI name");
            return null;
        }
    }

    /** Adds a portal, once. */
    void portal(String address) {
        try {
            PortalConfig portal = PortalConfig.parse(address);
            boolean there = present.portals().stream().anyMatch(portal::sameAddress);
            if (!there && addresses.add(portal.address())) {
                portals.add(portal.address());
            }
        } catch (IllegalArgumentException none) {
            leave("portal " + address + ": that is not an address to listen on");
        }
    }

    /** Adds an initiator, who is never one that is there already: that may be another host. */
    ObjectNode initiator(String wanted) {
        String name = name(wanted);
        while (present.initiator(name).isPresent() || present.group(name).isPresent()) {
            name = name(wanted);
        }
        return initiators.addObject().put("name", name);
    }

    /**
     * Has one side of a login prove who it is.
     *
     * @param way {@code chap} or {@code mutual}
     * @return whether that is possible
     */
    boolean proof(ObjectNode initiator, String way, String user, String password) {
        String name = initiator.path("name").asText();
        int length = password.getBytes(StandardCharsets.UTF_8).length;
        if (user.isEmpty() || length < SecretFiles.MIN_BYTES || length > SecretFiles.MAX_BYTES) {
            leave("initiator " + name + ": for " + way + " there have to be a user, and a secret of "
                    + SecretFiles.MIN_BYTES + " to " + SecretFiles.MAX_BYTES + " bytes; initiator:set takes them");
            return false;
        }
        String secret = name + "." + way;
        if (way.equals("chap")) {
            boolean taken = present.initiators().stream()
                    .anyMatch(host -> host.chap() != null && host.chap().user().equals(user));
            String known = users.putIfAbsent(user, secret);
            secret = known == null ? secret : known;
            if (taken || known != null && !secrets.get(known).equals(secret(password))) {
                leave("initiator " + name + ": there is another secret of the CHAP user " + user
                        + "; initiator:set takes a user of its own");
                return false;
            }
        }
        secrets.put(secret, secret(password));
        initiator.putObject(way).put("user", user).put("secret", secret);
        return true;
    }

    private static Secret secret(String password) {
        return new Secret(password.getBytes(StandardCharsets.UTF_8));
    }

    ForeignDocument document() {
        return new ForeignDocument(document.toString(), secrets, left);
    }
}
