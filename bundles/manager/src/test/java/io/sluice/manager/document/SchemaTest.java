package io.sluice.manager.document;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.Test;

/** The schema for people and their editors says of a document what the gateway says of it. */
public class SchemaTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Schema schema;
    private ObjectNode whole;

    @Before
    public void read() throws IOException {
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("../../docs/gateway.schema.json")));
        String text =
                new String(SchemaTest.class.getResourceAsStream("gateway.json").readAllBytes(), StandardCharsets.UTF_8);
        whole = (ObjectNode)
                JSON.readTree(text.replace("NAA", "3123456789abcdef").replace("SERIAL", "other"));
    }

    private boolean fitsSchema() {
        return schema.validate(whole).isEmpty();
    }

    /** Returns why the gateway refuses the document; an empty text if it does not. */
    private String refusal() throws IOException {
        try {
            ConfigJson.read(JSON.writeValueAsBytes(whole), GatewayConfig.EMPTY);
            return "";
        } catch (ConfigException refused) {
            return refused.getMessage();
        }
    }

    /** Returns all objects of a document. */
    private static List<ObjectNode> objects(JsonNode node) {
        List<ObjectNode> objects = new ArrayList<>();
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        node.forEach(child -> objects.addAll(objects(child)));
        return objects;
    }

    /** Fields that have the names which a user gives. */
    private static boolean free(ObjectNode object) {
        return object.has("path") || object.has("iops") || object.isEmpty();
    }

    @Test
    public void whatTheGatewayWritesFits() throws Exception {
        assertEquals("", refusal());
        assertEquals(List.of(), schema.validate(whole));
        GatewayConfig config = ConfigJson.read(JSON.writeValueAsBytes(whole), GatewayConfig.EMPTY)
                .config();
        assertEquals(List.of(), schema.validate(JSON.readTree(ConfigJson.write(config))));
    }

    @Test
    public void bothKnowWhatSaysWhoMayUseWhat() throws Exception {
        whole = (ObjectNode) JSON.readTree(ConfigJson.write(ConfigFileTest.ACCESS));
        assertEquals(List.of(), schema.validate(whole));
        assertEquals("", refusal());
        bothKnowTheSameFields();
    }

    @Test
    public void theDocumentedExampleIsOne() throws Exception {
        String page = Files.readString(Path.of("../../docs/operations.md"));
        int begin = page.indexOf("```json") + "```json".length();
        whole = (ObjectNode) JSON.readTree(page.substring(begin, page.indexOf("```", begin)));
        assertEquals(List.of(), schema.validate(whole));
        assertEquals("", refusal());
    }

    @Test
    public void bothNeedTheSameFields() throws Exception {
        int needed = 0;
        for (ObjectNode object : objects(whole)) {
            for (String field : free(object) ? List.<String>of() : names(object)) {
                JsonNode value = object.remove(field);
                assertEquals(field, !fitsSchema(), refusal().endsWith("it is missing"));
                needed += fitsSchema() ? 0 : 1;
                object.set(field, value);
            }
        }
        assertEquals("version, 2 of 3, 2 of 2, 2 of 1, 2 of 1, 2 of 2", 1 + 6 + 4 + 2 + 2 + 4, needed);
    }

    @Test
    public void bothKnowTheSameFields() throws Exception {
        for (ObjectNode object : objects(whole)) {
            if (!free(object)) {
                object.put("extra", 1);
                assertTrue(object.toString(), !fitsSchema());
                assertTrue(refusal(), refusal().endsWith("extra: there is no such field"));
                object.remove("extra");
            }
        }
    }

    @Test
    public void bothRefuseWhatIsOfAnotherKind() throws Exception {
        List<JsonNode> kinds = List.of(
                NODES.nullNode(),
                NODES.objectNode().put("x", 1),
                NODES.arrayNode().add(1),
                NODES.booleanNode(true),
                NODES.numberNode(1.5),
                NODES.textNode("\t"));
        for (ObjectNode object : objects(whole)) {
            for (String field : names(object)) {
                JsonNode value = object.get(field);
                for (JsonNode kind : kinds) {
                    if (kind.getNodeType() != value.getNodeType() || kind.isFloatingPointNumber()) {
                        object.set(field, kind);
                        String what = field + " " + kind + ": " + refusal();
                        assertTrue(what, !fitsSchema());
                        assertTrue(what, refusal().contains(field + ": "));
                        assertFalse("no word of Java: " + what, refusal().contains("`"));
                    }
                }
                object.set(field, value);
            }
        }
    }

    @Test
    public void defaultsAreTheSame() throws Exception {
        JsonNode defs = JSON.readTree(Path.of("../../docs/gateway.schema.json").toFile())
                .get("$defs");
        whole.withArray("backstores")
                .forEach(backstore -> ((ObjectNode) backstore).retain("name", "type", "sizeBytes"));
        whole.withArray("targets").forEach(target -> ((ObjectNode) target).retain("name"));
        JsonNode filled =
                JSON.readTree(ConfigJson.write(ConfigJson.read(JSON.writeValueAsBytes(whole), GatewayConfig.EMPTY)
                        .config()));
        int compared = 0;
        for (String kind : List.of("backstore", "target")) {
            for (var field : defs.get(kind).get("properties").properties()) {
                JsonNode written = filled.get(kind + "s").get(0).get(field.getKey());
                if (field.getValue().has("default") && written != null) {
                    assertEquals(field.getKey(), field.getValue().get("default"), written);
                    compared++;
                }
            }
        }
        assertEquals(8, compared);
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
