package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.flag;
import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.numbers;
import static io.sluice.rest.shape.Field.objects;
import static io.sluice.rest.shape.Field.text;
import static io.sluice.rest.shape.Field.texts;

import io.sluice.config.ConfigException;
import io.sluice.management.Difference;
import io.sluice.management.ImportReport;
import io.sluice.management.Revision;
import io.sluice.management.Role;
import io.sluice.rest.shape.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be done with the configuration as a document, and with its history. Documents are texts, so that nothing of them is lost. */
final class ConfigurationActions {

    private static final String PLAN = "gateway:plan";
    private static final String EXPORT = "gateway:export";
    private static final String IMPORT = "gateway:import";
    private static final String HISTORY = "gateway:history";

    private static final Shape DOCUMENT = Shape.of(
            "Document", text("document").says("The configuration, as etc/gateway.json has it", "{\"version\": 1}"));

    private static final Shape PLANNED = DOCUMENT.and(
            "PlannedDocument", flag("merge").optional().says("Whether what the document does not name stays", true));

    private static final Shape APPLIED =
            PLANNED.and("AppliedDocument", text("why").optional().says("Why, for the history", "more room"));

    private static final Shape FOREIGN = Shape.of(
            "ForeignDocument",
            text("format").says("Whose document it is: gotgt or targetcli", "gotgt"),
            text("document").says("What was saved there", "{\"storages\": []}"));

    private static final Shape IMPORTED =
            FOREIGN.and("ImportedDocument", text("why").optional().says("Why, for the history", "moved here"));

    private static final Shape WHY =
            Shape.of("Why", text("why").optional().says("Why, for the history", "it was right"));

    static final Shape DIFFERENCE = Shape.of(
            "Difference",
            text("change").says("add, change or remove", "add"),
            text("kind").says("What it is, such as backstore or lun", "backstore"),
            text("name").says("Its name", "disk1"),
            objects("fields", Shape.of("ChangedField", text("name"), text("before"), text("after"))),
            numbers("sessionsEnded").says("Sessions that end by it", List.of(3L)),
            text("text").says("All of it for people", "backstore disk1 made"));

    static final Shape REPORT = Shape.of(
            "ImportReport",
            objects("changes", DIFFERENCE),
            texts("left").says("What could not be taken over, and why", List.of()));

    static final Shape REVISION = Shape.of(
            "Revision",
            number("revision").says("Its number", 7L),
            text("when").says("When it was made", "2026-11-28T13:00:00Z"),
            text("who").says("Who made it", "alice@127.0.0.1"),
            text("why").says("Why, or what was asked for", "more room"),
            texts("changes").says("What was changed", List.of("backstore disk1 made")));

    private ConfigurationActions() {}

    static List<Action> rows() {
        return List.of(
                Action.of(
                                "GET",
                                "/configuration/document",
                                Role.ADMIN,
                                EXPORT,
                                "Returns the configuration as a document")
                        .answers(200, DOCUMENT)
                        .does(
                                call -> document(call.gateway().configuration().export(Optional.empty())),
                                "export(Optional)"),
                Action.of("GET", "/targets/{iqn}/document", Role.ADMIN, EXPORT, "Returns a target as a document")
                        .answers(200, DOCUMENT)
                        .does(
                                call -> document(call.gateway().configuration().export(Optional.of(call.target()))),
                                "export(Optional)"),
                Action.of("POST", "/configuration/plan", Role.ADMIN, PLAN, "Returns what a document would change")
                        .takes(PLANNED)
                        .answersMany(DIFFERENCE)
                        .does(ConfigurationActions::plan, "plan(String, boolean)"),
                Action.of(
                                "PUT",
                                "/configuration/document",
                                Role.ADMIN,
                                "gateway:apply",
                                "Makes it what a document says")
                        .takes(APPLIED)
                        .answersMany(DIFFERENCE)
                        .does(ConfigurationActions::apply, "apply(String, boolean, String)"),
                Action.of(
                                "POST",
                                "/configuration/import/plan",
                                Role.ADMIN,
                                IMPORT,
                                "Returns what an import would change")
                        .takes(FOREIGN)
                        .answers(200, REPORT)
                        .does(ConfigurationActions::planImport, "planImport(String, String)"),
                Action.of("POST", "/configuration/import", Role.ADMIN, IMPORT, "Adds what another target has saved")
                        .takes(IMPORTED)
                        .answers(200, REPORT)
                        .does(ConfigurationActions::importForeign, "importForeign(String, String, String)"),
                Action.show("/history", HISTORY, "Lists the last changes of the configuration")
                        .answersMany(REVISION)
                        .does(
                                call -> Reply.ok(call.gateway().configuration().history().stream()
                                        .map(ConfigurationActions::view)
                                        .toList()),
                                "history()"),
                Action.show("/history/{revision}", HISTORY, "Shows a change of the configuration")
                        .answers(200, REVISION)
                        .does(call -> Reply.ok(view(revision(call))), "history()"),
                Action.of(
                                "GET",
                                "/history/{revision}/document",
                                Role.ADMIN,
                                EXPORT,
                                "Returns what it was after a change")
                        .answers(200, DOCUMENT)
                        .does(
                                call -> document(call.gateway().configuration().revision(call.number("revision"))),
                                "revision(int)"),
                Action.of(
                                "POST",
                                "/history/{revision}/rollback",
                                Role.ADMIN,
                                "gateway:rollback",
                                "Makes it what it was")
                        .takes(WHY)
                        .answersMany(DIFFERENCE)
                        .does(ConfigurationActions::rollback, "rollback(int, String)"));
    }

    private static Reply document(String text) {
        return Reply.ok(Map.of("document", text));
    }

    private static Reply plan(Call call) throws ConfigException {
        return changes(call.gateway()
                .configuration()
                .plan(call.body().text("document"), call.body().flag("merge", false)));
    }

    private static Reply apply(Call call) throws ConfigException {
        return changes(call.gateway()
                .configuration()
                .apply(
                        call.body().text("document"),
                        call.body().flag("merge", false),
                        call.body().text("why", "")));
    }

    private static Reply planImport(Call call) throws ConfigException {
        return report(call.gateway()
                .configuration()
                .planImport(call.body().text("format"), call.body().text("document")));
    }

    private static Reply importForeign(Call call) throws ConfigException {
        return report(call.gateway()
                .configuration()
                .importForeign(
                        call.body().text("format"),
                        call.body().text("document"),
                        call.body().text("why", "")));
    }

    private static Reply rollback(Call call) throws ConfigException {
        return changes(call.gateway()
                .configuration()
                .rollback(call.number("revision"), call.body().text("why", "")));
    }

    private static Revision revision(Call call) {
        int number = call.number("revision");
        return call.gateway().configuration().history().stream()
                .filter(revision -> revision.number() == number)
                .findFirst()
                .orElseThrow(() -> Refusals.absent("revision", Integer.toString(number)));
    }

    private static Reply changes(List<Difference> differences) {
        return Reply.ok(differences.stream().map(ConfigurationActions::view).toList());
    }

    private static Reply report(ImportReport report) {
        return Reply.ok(Map.of(
                "changes",
                report.changes().stream().map(ConfigurationActions::view).toList(),
                "left",
                report.left()));
    }

    private static Map<String, Object> view(Difference one) {
        return new Entry()
                .put("change", one.change().label())
                .put("kind", one.kind())
                .put("name", one.name())
                .put(
                        "fields",
                        one.fields().stream()
                                .map(field ->
                                        Map.of("name", field.name(), "before", field.before(), "after", field.after()))
                                .toList())
                .put("sessionsEnded", one.sessions())
                .put("text", one.line())
                .map();
    }

    private static Map<String, Object> view(Revision revision) {
        return new Entry()
                .put("revision", revision.number())
                .put("when", revision.when().toString())
                .put("who", revision.who())
                .put("why", revision.why())
                .put("changes", revision.lines())
                .map();
    }
}
