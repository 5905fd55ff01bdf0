package io.sluice.manager.foreign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.config.IscsiName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads the {@code saveconfig.json} of targetcli and rtslib: storage objects, and targets of the iSCSI fabric. Disks keep the identity
 * that hosts know them by: the kernel makes it of the serial number.
 */
final class TargetcliReader implements ForeignFormat.Reader {

    /** The company identifier of the Linux target, with which it makes NAA designators. */
    private static final String NAA = "6001405";

    private static final int NAA_DIGITS = 32;
    private static final int LONGEST_SERIAL = 32;
    private static final Set<String> KNOWN = Set.of("fabric_modules", "storage_objects", "targets");

    private final Taken taken;
    private final StorageSizes sizes;
    private final Map<String, String> backstores = new HashMap<>();

    TargetcliReader(Taken taken, StorageSizes sizes) {
        this.taken = taken;
        this.sizes = sizes;
    }

    @Override
    public void read(ObjectNode document) {
        document.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.contains(name)) {
                taken.leave("'" + name + "': it is not known");
            }
        });
        document.path("storage_objects").forEach(this::storage);
        document.path("targets").forEach(this::target);
    }

    private void storage(JsonNode storage) {
        String plugin = storage.path("plugin").asText();
        String label = storage.path("name").asText();
        String what = "backstore " + plugin + "/" + label;
        String device = storage.path("dev").asText();
        String name =
                switch (plugin) {
                    case "fileio", "block" -> file(storage, what, label, device);
                    case "ramdisk" -> memory(storage, what, label);
                    default -> {
                        taken.leave(what + ": storage of this kind cannot be taken over");
                        yield null;
                    }
                };
        if (name != null) {
            backstores.put("/backstores/" + plugin + "/" + label, name);
        }
    }

    private String file(JsonNode storage, String what, String label, String device) {
        // What is not there has no data, whatever its size was: a host would find an empty disk under the old identity.
        long bytes = sizes.of(device).orElse(0);
        int block = storage.path("attributes").path("block_size").asInt(512);
        if (device.isEmpty() || bytes < block || block < 1) {
            taken.leave(what + ": there is no '" + device + "' here that can be read");
            return null;
        }
        ObjectNode store = describe(storage, label, "file", bytes, block);
        store.putObject("options").put("path", device);
        if (!storage.path("write_back").asBoolean(true)) {
            store.put("writeThrough", true);
        }
        return store.path("name").asText();
    }

    private String memory(JsonNode storage, String what, String label) {
        long bytes = storage.path("size").asLong();
        int block = storage.path("attributes").path("block_size").asInt(512);
        if (bytes < block || block < 1) {
            taken.leave(what + ": it has no size");
            return null;
        }
        String type = storage.path("nullio").asBoolean() ? "null" : "memory";
        return describe(storage, label, type, bytes, block).path("name").asText();
    }

    private ObjectNode describe(JsonNode storage, String label, String type, long bytes, int block) {
        ObjectNode store = taken.backstore(taken.name(label), type, bytes - bytes % block);
        if (block != 512) {
            store.put("blockSize", block);
        }
        boolean readOnly = storage.path("readonly").asBoolean();
        if (readOnly) {
            store.put("readOnly", true);
        }
        store.put("thin", storage.path("attributes").path("emulate_tpu").asInt() != 0);
        String serial = storage.path("wwn").asText();
        String digits = serial.toLowerCase(Locale.ROOT).replaceAll("[^0-9a-f]", "");
        if (!digits.isEmpty()) {
            String naa = (NAA + digits + "0".repeat(NAA_DIGITS)).substring(0, NAA_DIGITS);
            String shown = serial.length() > LONGEST_SERIAL ? digits : serial;
            store.putObject("identity")
                    .put("naa", naa)
                    .put("serial", shown.substring(0, Math.min(shown.length(), LONGEST_SERIAL)));
        }
        return store;
    }

    private void target(JsonNode described) {
        String iqn = described.path("wwn").asText();
        if (!described.path("fabric").asText().equals("iscsi")) {
            taken.leave("target " + iqn + ": it is of the fabric '"
                    + described.path("fabric").asText() + "', and only iscsi can be taken over");
            return;
        }
        JsonNode groups = described.path("tpgs");
        for (int i = 1; i < groups.size(); i++) {
            taken.leave("target " + iqn + " portal group "
                    + groups.get(i).path("tag").asText() + ": only the first one is taken over");
        }
        if (groups.isEmpty()) {
            taken.leave("target " + iqn + ": it has no portal group");
            return;
        }
        ObjectNode target = taken.target(iqn);
        if (target != null) {
            group(iqn, target, groups.get(0));
        }
    }

    private void group(String iqn, ObjectNode target, JsonNode group) {
        target.put("enabled", group.path("enable").asBoolean(true));
        group.path("portals").forEach(portal -> portal(iqn, portal));
        Set<Integer> numbers = new HashSet<>();
        group.path("luns").forEach(lun -> {
            String name = backstores.get(lun.path("storage_object").asText());
            int number = lun.path("index").asInt(-1);
            if (name == null || number < 0) {
                taken.leave("target " + iqn + " LUN " + number + ": its storage '"
                        + lun.path("storage_object").asText() + "' is not taken over");
            } else {
                numbers.add(number);
                target.withArray("luns").addObject().put("lun", number).put("backstore", name);
            }
        });
        JsonNode attributes = group.path("attributes");
        boolean proves = attributes.path("authentication").asInt() != 0;
        boolean all = true;
        for (JsonNode acl : group.path("node_acls")) {
            all &= grant(iqn, target, acl, proves, numbers);
        }
        if (attributes.path("generate_node_acls").asInt() != 0) {
            if (all) {
                anybody(iqn, target, group, proves);
            } else {
                taken.leave("target " + iqn
                        + ": it let everybody in, but not all of its initiators are taken over, and those"
                        + " would come in as everybody; so nobody else may use it; target:allow lets others in");
            }
        }
        if (target.path("grants").isEmpty()) {
            // Nobody could log in, and here a target that is granted to nobody may be open to everybody.
            target.put("enabled", false);
            taken.leave("target " + iqn + ": nobody may use it, so it is disabled; target:allow, then target:enable");
        }
    }

    private void portal(String iqn, JsonNode portal) {
        String address = portal.path("ip_address").asText();
        if (portal.path("iser").asBoolean() || portal.path("offload").asBoolean()) {
            taken.leave("target " + iqn + " portal " + address + ": it is taken over for TCP alone");
        }
        String host = address.replaceAll("^\\[|\\]$", "");
        taken.portal((host.contains(":") ? "[" + host + "]" : host) + ":"
                + portal.path("port").asInt(3260));
    }

    /** Returns whether the initiator may use the target now. */
    private boolean grant(String iqn, ObjectNode target, JsonNode acl, boolean proves, Set<Integer> numbers) {
        String host = acl.path("node_wwn").asText();
        String what = "target " + iqn + " initiator " + host;
        ArrayNode luns = JsonNodeFactory.instance.arrayNode();
        for (JsonNode mapped : acl.path("mapped_luns")) {
            int of = mapped.path("tpg_lun").asInt(-1);
            if (numbers.contains(of)) {
                luns.addObject()
                        .put("lun", mapped.path("index").asInt(of))
                        .put("of", of)
                        .put("readOnly", mapped.path("write_protect").asBoolean());
            }
        }
        if (luns.isEmpty()) {
            // Here a grant without LUNs is one of all LUNs.
            taken.leave(what + ": it sees no LUN that is taken over, so it is not allowed to use the target");
            return false;
        }
        if (!isName(host)) {
            taken.leave(what + ": that is not an iSCSI name");
            return false;
        }
        ObjectNode initiator = taken.initiator(host.substring(host.lastIndexOf(':') + 1));
        initiator.putArray("names").add(host.toLowerCase(Locale.ROOT));
        if (proves && !prove(initiator, acl)) {
            taken.leave(what + ": it is not allowed to use the target without its CHAP secret");
            return false;
        }
        target.withArray("grants")
                .addObject()
                .put("initiator", initiator.path("name").asText())
                .set("luns", luns);
        return true;
    }

    private static boolean isName(String host) {
        try {
            return !new IscsiName(host).value().isEmpty();
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    private boolean prove(ObjectNode initiator, JsonNode from) {
        String secret = from.path("chap_password").asText();
        boolean proven = taken.proof(initiator, "chap", from.path("chap_userid").asText(), secret);
        String mutual = from.path("chap_mutual_password").asText();
        if (proven && mutual.equals(secret)) {
            taken.leave(
                    "initiator " + initiator.path("name").asText()
                            + ": both directions had the same secret, so the target proves nothing; initiator:set changes that");
        } else if (proven && !mutual.isEmpty()) {
            taken.proof(initiator, "mutual", from.path("chap_mutual_userid").asText(), mutual);
        }
        return proven;
    }

    /** Whoever came was let in, and perhaps had to prove who he is. */
    private void anybody(String iqn, ObjectNode target, JsonNode group, boolean proves) {
        ObjectNode initiator = taken.initiator("everybody-" + iqn.substring(iqn.lastIndexOf(':') + 1));
        if (proves && !prove(initiator, group)) {
            taken.leave("target " + iqn + ": not everybody is allowed to use it without the CHAP secret");
            return;
        }
        target.withArray("grants")
                .addObject()
                .put("initiator", initiator.path("name").asText())
                .put(
                        "readOnly",
                        group.path("attributes").path("demo_mode_write_protect").asInt(1) != 0);
    }
}
