package io.sluice.management;

import io.sluice.backstore.Secret;
import io.sluice.config.AccessState;
import io.sluice.config.ConfigException;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.RedirectConfig;
import io.sluice.config.SecurityConfig;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who may use what, as a part of {@link Gateway}; what is there is told by {@link Gateway#config}. A change holds for sessions
 * that there are too: from whom something is taken, he loses it at once.
 */
@ProviderType
public interface AccessManagement {

    /**
     * Makes an initiator.
     *
     * @param secrets the secrets that are new, by the names that a {@code ChapConfig} of it has for them; 12 to 255 bytes each.
     *     They are kept under names that are free, which is where every initiator finds them then that has named them so far
     * @throws ConfigException if there is one or a group of that name, or a secret that it names is missing or cannot be kept, or
     *     is not the one that others have who name it already; secrets are as before then
     */
    void createInitiator(InitiatorConfig initiator, Map<String, Secret> secrets) throws ConfigException;

    /** As the other one, without a new secret. */
    default void createInitiator(InitiatorConfig initiator) throws ConfigException {
        createInitiator(initiator, Map.of());
    }

    /**
     * Changes an initiator that there is, whole. A secret that nobody names any more is removed.
     *
     * @param secrets as for {@link #createInitiator(InitiatorConfig, Map)}; the one in place of which another comes is used until
     *     the change is kept
     */
    void changeInitiator(InitiatorConfig initiator, Map<String, Secret> secrets) throws ConfigException;

    /** As the other one, without a new secret. */
    default void changeInitiator(InitiatorConfig initiator) throws ConfigException {
        changeInitiator(initiator, Map.of());
    }

    /** Removes an initiator; refused while a target or a group names it. Its secrets go with it. */
    void deleteInitiator(String name) throws ConfigException;

    /** Makes a group of initiators, or changes one, whole. */
    void putInitiatorGroup(InitiatorGroupConfig group) throws ConfigException;

    /** Removes a group of initiators; refused while a target names it. */
    void deleteInitiatorGroup(String name) throws ConfigException;

    /** Grants something of a target to an initiator or a group, in place of what it was granted before. */
    void allow(IscsiName target, GrantConfig grant) throws ConfigException;

    /**
     * Takes a grant back.
     *
     * @param openToAll whether to take the last one back, which opens the target to everybody; without it that is refused
     */
    void deny(IscsiName target, String initiator, boolean openToAll) throws ConfigException;

    /** Binds a target to groups of portals; to all if the list is empty. */
    void setTargetPortalGroups(IscsiName target, List<Integer> groups) throws ConfigException;

    /** Sends initiators of a target elsewhere, or no more (null). Sessions that there are stay. */
    void setTargetRedirect(IscsiName target, RedirectConfig redirect) throws ConfigException;

    /**
     * Sets the asymmetric access state (ALUA) of one port of a target; initiators are told.
     *
     * @param group tag of the portal group
     */
    void setPortAccessState(IscsiName target, int group, AccessState state) throws ConfigException;

    /** Sets how logins are made secure. Sessions that there are stay. */
    void setSecurity(SecurityConfig security) throws ConfigException;
}
