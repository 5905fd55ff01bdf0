package io.sluice.manager.foreign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the {@code config.json} of gotgt: storages by numbers, and targets with portals and LUNs. Later versions have the portals in a
 * list of their own, which targets name by number.
 */
final class GotgtReader implements ForeignFormat.Reader {

    private static final String FILE = "file:";
    private static final int BLOCK = 512;
    private static final Set<String> KNOWN = Set.of("storages", "targets", "iscsitargets", "iscsiportals");

    private final Taken taken;
    private final StorageSizes sizes;
    private final Map<String, String> backstores = new HashMap<>();
    private final Map<String, String> portals = new HashMap<>();

    GotgtReader(Taken taken, StorageSizes sizes) {
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
        document.path("storages").forEach(this::storage);
        document.path("iscsiportals")
                .forEach(portal -> portals.put(
                        portal.path("id").asText(), portal.path("portal").asText()));
        for (String list : new String[] {"targets", "iscsitargets"}) {
            document.path(list).properties().forEach(target -> target(target.getKey(), target.getValue()));
        }
    }

    private void storage(JsonNode storage) {
        String id = storage.path("deviceID").asText();
        String path = storage.path("path").asText();
        String what = "storage " + id;
        if (!path.startsWith(FILE)) {
            taken.leave(what + ": it is on '" + path + "', and only storage on file: can be taken over");
            return;
        }
        String file = path.substring(FILE.length());
        OptionalLong bytes = sizes.of(file);
        if (bytes.isEmpty() || bytes.getAsLong() < BLOCK) {
            taken.leave(what + ": there is no file " + file + " here that can be read and has a block");
            return;
        }
        if (!storage.path("online").asBoolean(true)) {
            taken.leave(what + ": it was offline, and is taken over all the same");
        }
        String name = taken.name("gotgt-" + id);
        taken.backstore(name, "file", bytes.getAsLong() - bytes.getAsLong() % BLOCK)
                .putObject("options")
                .put("path", file);
        backstores.put(id, name);
    }

    private void target(String iqn, JsonNode described) {
        ObjectNode target = taken.target(iqn);
        if (target == null) {
            return;
        }
        taken.leave("target " + iqn
                + ": gotgt lets everybody use it, and here only who comes from this machine or through a"
                + " portal that is open to all may; target:allow lets others in");
        described.path("portals").forEach(portal -> taken.portal(portal.asText()));
        described
                .path("tpgts")
                .forEach(group -> group.forEach(number -> {
                    String address = portals.get(number.asText());
                    if (address == null) {
                        taken.leave("target " + iqn + ": it names the portal " + number.asText()
                                + ", which does not exist");
                    } else {
                        taken.portal(address);
                    }
                }));
        ArrayNode luns = target.putArray("luns");
        described.path("luns").properties().forEach(lun -> {
            String name = backstores.get(lun.getValue().asText());
            if (name == null || !lun.getKey().matches("[0-9]{1,5}")) {
                taken.leave("target " + iqn + " LUN " + lun.getKey() + ": its storage "
                        + lun.getValue().asText() + " is not taken over");
            } else {
                luns.addObject().put("lun", Integer.parseInt(lun.getKey())).put("backstore", name);
            }
        });
    }
}
