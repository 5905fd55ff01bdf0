package io.sluice.itests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.BeforeClass;
import org.junit.Test;

/** Keeps the arrows of ARCHITECTURE.md one way. */
public class ArchitectureTest {

    private static JavaClasses classes;

    @BeforeClass
    public static void readAllBundles() {
        classes = new ClassFileImporter()
                .importPaths(Stream.of(
                                "api",
                                "volume",
                                "scsi",
                                "iscsi",
                                "backstore-file",
                                "backstore-memory",
                                "backstore-null",
                                "backstore-rbd",
                                "backstore-nbd",
                                "layer-throttle",
                                "layer-crypt",
                                "manager",
                                "shell",
                                "rest",
                                "console",
                                "metrics",
                                "embedded")
                        .map(bundle -> Path.of("..", "bundles", bundle, "target", "classes"))
                        .toList());
    }

    private static final String[] BACKSTORES = {
        "io.sluice.backstore.file..",
        "io.sluice.backstore.memory..",
        "io.sluice.backstore.discard..",
        "io.sluice.backstore.rbd..",
        "io.sluice.backstore.nbd..",
        "io.sluice.layer.throttle..",
        "io.sluice.layer.crypt.."
    };

    /** What a program has that is a gateway without OSGi: it is put together there, and nobody knows it. */
    private static final String EMBEDDED = "io.sluice.embedded..";

    @Test
    public void contractsKnowNobody() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.sluice.backstore", "io.sluice.config", "io.sluice.management", "io.sluice.metrics")
                .should()
                .dependOnClassesThat(otherThan(
                        "io.sluice.backstore", "io.sluice.config", "io.sluice.management", "io.sluice.metrics"))
                .check(classes);
    }

    @Test
    public void theEngineIsPlainJava() {
        noClasses()
                .that()
                .resideInAPackage("io.sluice.scsi..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty..",
                        "com.fasterxml..",
                        "org.osgi.framework..",
                        "org.osgi.service..",
                        "io.sluice.iscsi..",
                        "io.sluice.manager..",
                        "io.sluice.management..")
                .check(classes);
    }

    @Test
    public void nobodyDependsOnTransportManagerShellOrABackend() {
        noneDependsOn("io.sluice.iscsi..");
        noneDependsOn("io.sluice.manager..");
        noneDependsOn("io.sluice.shell..");
        noneDependsOn("io.sluice.rest..");
        noneDependsOn("io.sluice.console..");
        noneDependsOn("io.sluice.prometheus..");
        noneDependsOn(EMBEDDED);
        for (String backstore : BACKSTORES) {
            noneDependsOn(backstore);
        }
    }

    private static void noneDependsOn(String packages) {
        noClasses()
                .that()
                .resideOutsideOfPackages(packages, EMBEDDED)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(packages)
                .check(classes);
    }

    /** So that each room can be understood, and changed, without those that are built on it. */
    @Test
    public void packagesKnowEachOtherOneWayOnly() {
        slices().matching("io.sluice.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    public void nettyStaysOutOfTextLoginAndSession() {
        noClasses()
                .that()
                .resideInAnyPackage("io.sluice.iscsi.text..", "io.sluice.iscsi.login..", "io.sluice.iscsi.session..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(classes);
    }

    @Test
    public void jacksonIsKnownToDocumentsAndListingsOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.sluice.manager.document",
                        "io.sluice.manager.foreign",
                        "io.sluice.shell.output",
                        "io.sluice.rest.json")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml..")
                .check(classes);
    }

    @Test
    public void theManagerHasFloors() {
        knowsNoneOf("io.sluice.manager.document", "io.sluice.manager.volume..");
        knowsNoneOf("io.sluice.manager.document..", "io.sluice.manager", "io.sluice.manager.osgi");
        knowsNoneOf("io.sluice.manager.volume..", "io.sluice.manager", "io.sluice.manager.osgi");
        knowsNoneOf("io.sluice.manager", "io.sluice.manager.osgi");
    }

    private static void knowsNoneOf(String below, String... above) {
        noClasses()
                .that()
                .resideInAPackage(below)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(above)
                .check(classes);
    }

    @Test
    public void osgiIsKnownAtTheRimOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..osgi")
                .and()
                .haveSimpleNameNotEndingWith("Provider")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.osgi.framework..", "org.osgi.service..")
                .check(classes);
    }

    @Test
    public void buffersAreRetainedAndReleasedByTheirOwnersOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.sluice.iscsi.pdu..",
                        "io.sluice.iscsi.transfer..",
                        "io.sluice.iscsi.connection..",
                        "io.sluice.iscsi.portal..",
                        "io.sluice.rest.http..",
                        "io.sluice.backstore.nbd.client..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.netty.buffer.ByteBuf")
                .check(classes);
    }

    /** What is done, and by whom, does not depend on how it is asked for. */
    @Test
    public void httpIsKnownToTheServerOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.sluice.rest..")
                .and()
                .resideOutsideOfPackage("io.sluice.rest.http..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(classes);
    }

    private static DescribedPredicate<JavaClass> otherThan(String... packages) {
        return DescribedPredicate.describe(
                "are ours but not in the contracts",
                type -> type.getPackageName().startsWith("io.sluice.")
                        && Stream.of(packages).noneMatch(type.getPackageName()::equals));
    }
}
