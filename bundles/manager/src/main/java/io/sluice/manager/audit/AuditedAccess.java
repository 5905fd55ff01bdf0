package io.sluice.manager.audit;

import io.sluice.backstore.Secret;
import io.sluice.config.AccessState;
import io.sluice.config.ChapAlgorithm;
import io.sluice.config.ChapConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LimitConfig;
import io.sluice.config.LunView;
import io.sluice.config.RedirectConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.management.AccessManagement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes down every change of who may use what; of secrets the names alone. */
final class AuditedAccess implements AccessManagement {

    private final AccessManagement access;
    private final AuditTrail trail;

    AuditedAccess(AccessManagement access, AuditTrail trail) {
        this.access = access;
        this.trail = trail;
    }

    @Override
    public void createInitiator(InitiatorConfig initiator, Map<String, Secret> secrets) throws ConfigException {
        trail.order(
                "create initiator " + words(initiator) + words(secrets),
                () -> access.createInitiator(initiator, secrets));
    }

    @Override
    public void changeInitiator(InitiatorConfig initiator, Map<String, Secret> secrets) throws ConfigException {
        trail.order(
                "change initiator " + words(initiator) + words(secrets),
                () -> access.changeInitiator(initiator, secrets));
    }

    @Override
    public void deleteInitiator(String name) throws ConfigException {
        trail.order("delete initiator " + name, () -> access.deleteInitiator(name));
    }

    @Override
    public void putInitiatorGroup(InitiatorGroupConfig group) throws ConfigException {
        trail.order(
                "set group " + group.name() + " of " + String.join(", ", group.members()),
                () -> access.putInitiatorGroup(group));
    }

    @Override
    public void deleteInitiatorGroup(String name) throws ConfigException {
        trail.order("delete group " + name, () -> access.deleteInitiatorGroup(name));
    }

    @Override
    public void allow(IscsiName target, GrantConfig grant) throws ConfigException {
        trail.order("allow target " + target + " to " + words(grant), () -> access.allow(target, grant));
    }

    @Override
    public void deny(IscsiName target, String initiator, boolean openToAll) throws ConfigException {
        trail.order(
                "deny target " + target + " to " + initiator + (openToAll ? ", open to all if nobody is left" : ""),
                () -> access.deny(target, initiator, openToAll));
    }

    @Override
    public void setTargetPortalGroups(IscsiName target, List<Integer> groups) throws ConfigException {
        trail.order(
                "bind target " + target + " to portal groups " + (groups.isEmpty() ? "all" : groups),
                () -> access.setTargetPortalGroups(target, groups));
    }

    @Override
    public void setTargetRedirect(IscsiName target, RedirectConfig redirect) throws ConfigException {
        trail.order(
                redirect == null
                        ? "redirect target " + target + " no more"
                        : "redirect target " + target + " to " + redirect.address()
                                + (redirect.permanent() ? " permanently" : ""),
                () -> access.setTargetRedirect(target, redirect));
    }

    @Override
    public void setPortAccessState(IscsiName target, int group, AccessState state) throws ConfigException {
        trail.order(
                "set access state of target " + target + " in portal group " + group + " to " + state.label(),
                () -> access.setPortAccessState(target, group, state));
    }

    @Override
    public void setSecurity(SecurityConfig security) throws ConfigException {
        trail.order(
                "set security: CHAP with "
                        + security.algorithms().stream()
                                .map(ChapAlgorithm::label)
                                .collect(Collectors.joining(", "))
                        + "; discovery " + (security.discoveryChap() ? "with" : "without") + " CHAP",
                () -> access.setSecurity(security));
    }

    private static String words(InitiatorConfig initiator) {
        return initiator.name() + " with names " + initiator.names() + ", addresses " + initiator.addresses()
                + ", CHAP user " + user(initiator.chap()) + ", mutual " + user(initiator.mutual())
                + words(initiator.limits());
    }

    private static String words(LimitConfig limits) {
        return limits == null
                ? ""
                : ", at most " + limits.iops() + " operations and " + limits.bandwidthBytes()
                        + " bytes a second (0: any number), burst " + limits.burstMillis() + " ms";
    }

    private static String words(Map<String, Secret> secrets) {
        return secrets.isEmpty() ? "" : ", new secret in place of " + String.join(" and ", secrets.keySet());
    }

    private static String user(ChapConfig chap) {
        return chap == null ? "none" : chap.user();
    }

    private static String words(GrantConfig grant) {
        String luns = grant.luns().isEmpty()
                ? "all LUNs"
                : "LUNs " + grant.luns().stream().map(AuditedAccess::words).collect(Collectors.joining(", "));
        return grant.initiator() + " with " + luns + (grant.readOnly() ? ", read-only" : "")
                + (grant.manage() ? ", may manage" : "");
    }

    private static String words(LunView view) {
        return view.lun() + (view.lun() == view.of() ? "" : "=" + view.of()) + (view.readOnly() ? ":ro" : "");
    }
}
