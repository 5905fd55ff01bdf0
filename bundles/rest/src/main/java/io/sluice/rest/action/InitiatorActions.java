package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.text;
import static io.sluice.rest.shape.Field.texts;

import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.LimitConfig;
import io.sluice.config.Network;
import io.sluice.management.Role;
import io.sluice.rest.shape.Fields;
import io.sluice.rest.shape.Shape;
import java.util.List;

/** What can be done with initiators and groups of them. */
final class InitiatorActions {

    private static final String INITIATOR = "/initiators/{name}";
    private static final String GROUP = "/initiator-groups/{name}";

    private static final Shape SETTINGS = Shape.of(
            "InitiatorSettings",
            texts("iqns")
                    .optional()
                    .says("iSCSI names and patterns; any if left out", List.of("iqn.2001-04.com.example:*")),
            texts("addresses").optional().says("Where it comes from; anywhere if left out", List.of("192.0.2.0/24")),
            text("chapUser").optional().says("CHAP user that it has to prove to be", "web1"),
            text("chapSecret")
                    .optional()
                    .secret()
                    .says("Its secret; the one that there is if left out", "twelve bytes!"),
            text("mutualUser").optional().says("CHAP user that the target proves to be", "sluice"),
            text("mutualSecret").optional().secret().says("The secret of the target", "another twelve"),
            number("limitCommandsPerSecond").optional().says("Commands that it may begin in a second", 1000L),
            number("limitBytesPerSecond").optional().says("Bytes that it may move in a second", 100L << 20),
            number("limitBurstMillis").optional().says("For how long a limit is saved up", 2000L));

    private static final Shape NEW = SETTINGS.and("NewInitiator", text("name").says("Its name", "web1"));

    private static final Shape MEMBERS =
            Shape.of("Members", texts("members").says("Initiators in the group, all of them", List.of("web1")));

    private InitiatorActions() {}

    static List<Action> rows() {
        return List.of(
                Action.show("/initiators", "initiator:list", "Lists initiators")
                        .answersMany(InitiatorViews.ROW)
                        .does(
                                call -> Reply.ok(call.gateway().config().initiators().stream()
                                        .map(InitiatorViews::row)
                                        .toList()),
                                "config()"),
                Action.of("POST", "/initiators", Role.ADMIN, "initiator:create", "Says who a host is")
                        .takes(NEW)
                        .answers(201, InitiatorViews.ROW)
                        .does(InitiatorActions::create, "createInitiator(InitiatorConfig, Map)", "config()"),
                Action.show(INITIATOR, "initiator:info", "Shows an initiator, and what it may use")
                        .answers(200, InitiatorViews.INFO)
                        .does(InitiatorActions::show, "config()", "sessions()"),
                Action.of("PUT", INITIATOR, Role.ADMIN, "initiator:set", "Changes who a host is, whole")
                        .takes(SETTINGS)
                        .does(InitiatorActions::change, "changeInitiator(InitiatorConfig, Map)", "config()"),
                Action.of("DELETE", INITIATOR, Role.ADMIN, "initiator:delete", "Removes an initiator")
                        .does(InitiatorActions::delete, "deleteInitiator(String)"),
                Action.show("/initiator-groups", "initiator:list", "Lists groups of initiators")
                        .answersMany(InitiatorViews.ROW)
                        .does(
                                call -> Reply.ok(call.gateway().config().groups().stream()
                                        .map(InitiatorViews::row)
                                        .toList()),
                                "config()"),
                Action.show(GROUP, "initiator:info", "Shows a group, and what it may use")
                        .answers(200, InitiatorViews.INFO)
                        .does(InitiatorActions::showGroup, "config()", "sessions()"),
                Action.of("PUT", GROUP, Role.ADMIN, "initiator:group", "Makes a group, or says who is in it")
                        .takes(MEMBERS)
                        .does(InitiatorActions::putGroup, "putInitiatorGroup(InitiatorGroupConfig)"),
                Action.of("DELETE", GROUP, Role.ADMIN, "initiator:delete", "Removes a group; its members stay")
                        .does(InitiatorActions::deleteGroup, "deleteInitiatorGroup(String)"));
    }

    private static InitiatorConfig config(Call call) {
        String name = call.value("name");
        return call.gateway().config().initiator(name).orElseThrow(() -> Refusals.absent("initiator", name));
    }

    private static Reply show(Call call) {
        return Reply.ok(InitiatorViews.info(
                call.gateway().config(), config(call), call.gateway().sessions()));
    }

    private static Reply create(Call call) throws ConfigException {
        GivenSecrets secrets =
                new GivenSecrets(call.gateway().config(), call.body().text("name"), call.body());
        InitiatorConfig made = new InitiatorConfig(
                call.body().text("name"),
                call.body().texts("iqns"),
                addresses(call.body()),
                secrets.chap(null),
                secrets.mutual(null),
                limits(call.body()));
        call.gateway().access().createInitiator(made, secrets.all());
        return Reply.created(Paths.of("initiators", made.name()), InitiatorViews.row(made));
    }

    private static Reply change(Call call) throws ConfigException {
        InitiatorConfig before = config(call);
        GivenSecrets secrets = new GivenSecrets(call.gateway().config(), before.name(), call.body());
        InitiatorConfig changed = new InitiatorConfig(
                before.name(),
                call.body().texts("iqns"),
                addresses(call.body()),
                secrets.chap(before.chap()),
                secrets.mutual(before.mutual()),
                limits(call.body()));
        call.gateway().access().changeInitiator(changed, secrets.all());
        return Reply.done();
    }

    private static List<Network> addresses(Fields body) {
        return body.texts("addresses").stream().map(Network::parse).toList();
    }

    private static LimitConfig limits(Fields body) {
        long commands = body.number("limitCommandsPerSecond", 0);
        long bytes = body.number("limitBytesPerSecond", 0);
        if (commands == 0 && bytes == 0 && !body.has("limitBurstMillis")) {
            return null;
        }
        return new LimitConfig(commands, bytes, body.integer("limitBurstMillis", LimitConfig.USUAL_BURST_MILLIS));
    }

    private static Reply delete(Call call) throws ConfigException {
        call.gateway().access().deleteInitiator(call.value("name"));
        return Reply.done();
    }

    private static Reply showGroup(Call call) {
        GatewayConfig config = call.gateway().config();
        InitiatorGroupConfig group =
                config.group(call.value("name")).orElseThrow(() -> Refusals.absent("group", call.value("name")));
        return Reply.ok(InitiatorViews.info(config, group, call.gateway().sessions()));
    }

    private static Reply putGroup(Call call) throws ConfigException {
        InitiatorGroupConfig group =
                new InitiatorGroupConfig(call.value("name"), call.body().texts("members"));
        call.gateway().access().putInitiatorGroup(group);
        return Reply.done();
    }

    private static Reply deleteGroup(Call call) throws ConfigException {
        call.gateway().access().deleteInitiatorGroup(call.value("name"));
        return Reply.done();
    }
}
