package io.sluice.manager;

import io.sluice.backstore.Secret;
import io.sluice.config.AccessState;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunView;
import io.sluice.config.RedirectConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.TargetPortConfig;
import io.sluice.management.AccessManagement;
import io.sluice.manager.document.SecretFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Changes of who may use what. */
final class AccessChanges implements AccessManagement {

    private final Composition composition;
    private final TargetChanges targets;
    private final SecretFiles secrets;

    AccessChanges(Composition composition, TargetChanges targets, SecretFiles secrets) {
        this.composition = composition;
        this.targets = targets;
        this.secrets = secrets;
    }

    @Override
    public void createInitiator(InitiatorConfig initiator, Map<String, Secret> given) throws ConfigException {
        change("creating initiator " + initiator.name(), initiator, given, before -> {
            if (before.initiator(initiator.name()).isPresent()
                    || before.group(initiator.name()).isPresent()) {
                throw new ConfigException("there is an initiator or a group " + initiator.name()
                        + " already: choose another name, or change it with initiator:set");
            }
            return before.withInitiators(with(before.initiators(), initiator));
        });
    }

    @Override
    public void changeInitiator(InitiatorConfig initiator, Map<String, Secret> given) throws ConfigException {
        change("changing initiator " + initiator.name(), initiator, given, before -> {
            requireInitiator(before, initiator.name());
            return before.withInitiators(before.initiators().stream()
                    .map(old -> old.name().equals(initiator.name()) ? initiator : old)
                    .toList());
        });
    }

    /** New secrets are kept before a configuration names them, and forgotten when it is not kept itself. */
    private void change(String what, InitiatorConfig initiator, Map<String, Secret> given, Composition.Change change)
            throws ConfigException {
        if (!initiator.secrets().containsAll(given.keySet())) {
            throw new IllegalArgumentException("a secret that the initiator does not name");
        }
        NewSecrets fresh = new NewSecrets(secrets, given);
        composition.change(
                what,
                before -> {
                    GatewayConfig after = fresh.keep(before, change.apply(before));
                    requireSecrets(requireInitiator(after, initiator.name()));
                    return after;
                },
                fresh::forget);
    }

    private void requireSecrets(InitiatorConfig initiator) throws ConfigException {
        for (String secret : initiator.secrets()) {
            String problem = secrets.problem(secret);
            if (problem != null) {
                throw new ConfigException(problem);
            }
        }
        if (initiator.mutual() != null
                && secrets.same(initiator.chap().secret(), initiator.mutual().secret())) {
            throw new ConfigException("initiator " + initiator.name()
                    + ": the two directions need different secrets, or whoever has seen one has both");
        }
    }

    @Override
    public void deleteInitiator(String name) throws ConfigException {
        composition.change("deleting initiator " + name, before -> {
            InitiatorConfig initiator = requireInitiator(before, name);
            requireNotGranted(before, name);
            for (InitiatorGroupConfig group : before.groups()) {
                if (group.members().contains(name)) {
                    throw new ConfigException(
                            "initiator " + name + " is in the group " + group.name() + ": take it out first");
                }
            }
            return before.withInitiators(without(before.initiators(), initiator));
        });
    }

    private static void requireNotGranted(GatewayConfig config, String name) throws ConfigException {
        for (TargetConfig target : config.targets()) {
            if (target.grant(name).isPresent()) {
                throw new ConfigException(name + " may use target " + target.name() + ": target:deny " + target.name()
                        + " " + name + " first");
            }
        }
    }

    @Override
    public void putInitiatorGroup(InitiatorGroupConfig group) throws ConfigException {
        composition.change("changing group " + group.name(), before -> {
            for (String member : group.members()) {
                requireInitiator(before, member);
            }
            if (before.group(group.name()).isEmpty()) {
                return before.withGroups(with(before.groups(), group));
            }
            return before.withGroups(before.groups().stream()
                    .map(old -> old.name().equals(group.name()) ? group : old)
                    .toList());
        });
    }

    @Override
    public void deleteInitiatorGroup(String name) throws ConfigException {
        composition.change("deleting group " + name, before -> {
            InitiatorGroupConfig group = before.group(name)
                    .orElseThrow(() -> ConfigException.notFound(
                            name, "there is no group " + name + ": initiator:list shows those that there are"));
            requireNotGranted(before, name);
            return before.withGroups(without(before.groups(), group));
        });
    }

    @Override
    public void allow(IscsiName target, GrantConfig grant) throws ConfigException {
        composition.change("granting target " + target, before -> {
            TargetConfig old = Configs.requireTarget(before, target);
            if (before.initiator(grant.initiator()).isEmpty()
                    && before.group(grant.initiator()).isEmpty()) {
                throw ConfigException.notFound(
                        grant.initiator(),
                        "there is no initiator or group " + grant.initiator()
                                + ": initiator:list shows those that there are, initiator:create makes one");
            }
            for (LunView view : grant.luns()) {
                if (old.lun(view.of()).isEmpty()) {
                    throw ConfigException.notFound(
                            Integer.toString(view.of()),
                            "target " + target + " has no LUN " + view.of() + ": lun:list shows those that there are");
                }
            }
            List<GrantConfig> grants = new ArrayList<>(old.grants());
            int place = old.grant(grant.initiator()).map(grants::indexOf).orElse(-1);
            if (place < 0) {
                grants.add(grant);
            } else {
                grants.set(place, grant);
            }
            return Configs.replace(before, old.withGrants(grants));
        });
    }

    @Override
    public void deny(IscsiName target, String initiator, boolean openToAll) throws ConfigException {
        composition.change("taking back a grant of target " + target, before -> {
            TargetConfig old = Configs.requireTarget(before, target);
            GrantConfig grant = old.grant(initiator)
                    .orElseThrow(() -> ConfigException.notFound(
                            initiator,
                            "target " + target + " is not granted to " + initiator
                                    + ": target:info shows to whom it is"));
            if (old.grants().size() == 1 && !openToAll) {
                throw new ConfigException("that is the last grant of target " + target
                        + ", and without one it is open to everybody: grant it to another first, or use --open-to-all");
            }
            return Configs.replace(before, old.withGrants(without(old.grants(), grant)));
        });
    }

    @Override
    public void setTargetPortalGroups(IscsiName target, List<Integer> groups) throws ConfigException {
        composition.change("binding target " + target, before -> {
            TargetConfig old = Configs.requireTarget(before, target);
            for (int group : groups) {
                if (composition.reconciler().portals(before).stream().noneMatch(portal -> portal.group() == group)) {
                    throw new ConfigException(
                            "no portal is in group " + group + ": portal:list shows the groups that there are");
                }
            }
            return Configs.replace(before, old.withPortalGroups(groups));
        });
    }

    @Override
    public void setTargetRedirect(IscsiName target, RedirectConfig redirect) throws ConfigException {
        composition.change(
                "redirecting target " + target,
                before -> Configs.replace(
                        before, Configs.requireTarget(before, target).withRedirect(redirect)));
    }

    @Override
    public void setPortAccessState(IscsiName target, int group, AccessState state) throws ConfigException {
        targets.changeAccessState(target, before -> {
            TargetConfig old = Configs.requireTarget(before, target);
            if (old.ports().stream().noneMatch(port -> port.group() == group)) {
                throw new ConfigException("target " + target + " is not reached through portal group " + group
                        + ": target:info shows its groups");
            }
            return Configs.replace(
                    before,
                    old.withPorts(old.ports().stream()
                            .map(port ->
                                    port.group() == group ? new TargetPortConfig(group, port.number(), state) : port)
                            .toList()));
        });
    }

    @Override
    public void setSecurity(SecurityConfig security) throws ConfigException {
        composition.change("changing the security", before -> before.withSecurity(security));
    }

    private static InitiatorConfig requireInitiator(GatewayConfig config, String name) throws ConfigException {
        return config.initiator(name)
                .orElseThrow(() -> ConfigException.notFound(
                        name, "there is no initiator " + name + ": initiator:list shows those that there are"));
    }

    private static <T> List<T> with(List<T> items, T item) {
        List<T> result = new ArrayList<>(items);
        result.add(item);
        return result;
    }

    private static <T> List<T> without(List<T> items, T item) {
        return items.stream().filter(other -> !other.equals(item)).toList();
    }
}
