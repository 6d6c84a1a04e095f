use super::*;

const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn facts(path: &str) -> CgroupFacts {
    describe(path.replace("ID", ID).as_bytes())
}

fn unit(path: &str) -> Option<String> {
    facts(path).unit.map(|unit| String::from_utf8(unit.into()).unwrap())
}

fn container(path: &str) -> Option<(ContainerKind, String)> {
    facts(path).container.map(|found| (found.kind, String::from_utf8(found.id.into()).unwrap()))
}

fn application(path: &str) -> Option<(ApplicationKind, String)> {
    facts(path).application.map(|found| (found.kind, String::from_utf8(found.id.into()).unwrap()))
}

#[test]
fn system_units() {
    assert_eq!(unit("/system.slice/ssh.service").as_deref(), Some("ssh.service"));
    assert_eq!(unit("/init.scope").as_deref(), Some("init.scope"));
    assert_eq!(
        unit(r"/system.slice/system-getty.slice/getty@tty1.service (deleted)").as_deref(),
        Some("getty@tty1.service")
    );
    assert_eq!(unit("/system.slice/_cpu.service").as_deref(), Some("cpu.service"));
    assert_eq!(facts("/"), CgroupFacts::default());
    assert_eq!(facts(""), CgroupFacts::default());
    assert_eq!(unit("/system.slice"), None);
}

#[test]
fn sessions_and_users() {
    let session = facts("/user.slice/user-1000.slice/session-c2.scope");
    assert_eq!(session.session.as_deref(), Some(&b"c2"[..]));
    assert_eq!(session.slice_uid, Some(1000));
    assert_eq!((session.unit.as_deref(), session.is_user_unit), (Some(&b"session-c2.scope"[..]), false));

    let manager = facts("/user.slice/user-1000.slice/user@1000.service/init.scope");
    assert_eq!((manager.unit.as_deref(), manager.is_user_unit), (Some(&b"init.scope"[..]), true));
    let shell =
        facts("/user.slice/user-1000.slice/user@1000.service/session.slice/org.gnome.Shell@wayland.service");
    assert_eq!(shell.unit.as_deref(), Some(&b"org.gnome.Shell@wayland.service"[..]));
    assert!(shell.is_user_unit);
    assert_eq!(facts("/user.slice/user-x.slice").slice_uid, None);
}

#[test]
fn applications() {
    use ApplicationKind::{Desktop, Flatpak, Snap};
    let user =
        |rest: &str| application(&format!("/user.slice/user-1000.slice/user@1000.service/app.slice/{rest}"));
    let some = |kind, id: &str| Some((kind, id.to_owned()));
    assert_eq!(user("app-flatpak-org.mozilla.firefox-3021.scope"), some(Flatpak, "org.mozilla.firefox"));
    assert_eq!(user(r"app-flatpak-com.a\x2db.C-1.scope"), some(Flatpak, "com.a-b.C"));
    assert_eq!(user("flatpak-org.gimp.GIMP-77.scope"), some(Flatpak, "org.gimp.GIMP"));
    assert_eq!(user("app-gnome-org.gnome.Terminal-3456.scope"), some(Desktop, "org.gnome.Terminal"));
    assert_eq!(user("app-org.kde.konsole-1a2b.scope"), some(Desktop, "org.kde.konsole"));
    assert_eq!(user("app-gnome-org.gnome.Evolution@autostart.service"), some(Desktop, "org.gnome.Evolution"));
    assert_eq!(
        user("app-org.gnome.Terminal.slice/vte-spawn-0f1e.scope"),
        None,
        "a shell in a terminal is not the terminal"
    );
    let uuid = "6f0f4c4a-3b0e-4a8f-9d6b-0b6c2a1d1e2f";
    assert_eq!(user(&format!("snap.firefox.firefox-{uuid}.scope")), some(Snap, "firefox_firefox"));
    assert_eq!(user(&format!("snap.code.url-handler.{uuid}.scope")), some(Snap, "code_url-handler"));
    assert_eq!(application("/system.slice/snap.lxd.daemon.service"), some(Snap, "lxd_daemon"));
    assert_eq!(user("snap.short.scope"), None);
    assert_eq!(user("app-.scope"), None);
    assert_eq!(user("app--.scope"), None);
}

#[test]
fn containers() {
    use ContainerKind::{Docker, Kubernetes, Lxc, Nspawn, Podman, Qemu};
    let some = |kind, id: &str| Some((kind, id.replace("ID", ID)));
    assert_eq!(container("/system.slice/docker-ID.scope"), some(Docker, "ID"));
    assert_eq!(container("/docker/ID"), some(Docker, "ID"));
    assert_eq!(container("/system.slice/docker.service"), None);
    assert_eq!(container("/machine.slice/libpod-ID.scope/container"), some(Podman, "ID"));
    assert_eq!(container("/libpod_parent/libpod-ID"), some(Podman, "ID"));
    assert_eq!(container("/machine.slice/libpod-conmon-ID.scope"), None);
    assert_eq!(container("/lxc/web/init.scope"), some(Lxc, "web"));
    assert_eq!(container("/lxc.payload.web/system.slice"), some(Lxc, "web"));
    assert_eq!(container("/lxc.monitor.web"), None);
    assert_eq!(
        container("/machine.slice/systemd-nspawn@deb\\x2dian.service/payload"),
        some(Nspawn, "deb-ian")
    );
    assert_eq!(container(r"/machine.slice/machine-my\x2dbox.scope"), some(Nspawn, "my-box"));
    assert_eq!(
        container(r"/machine.slice/machine-qemu\x2d1\x2dwin\x2d11.scope/libvirt"),
        some(Qemu, "win-11")
    );
    assert_eq!(container("/kubepods/burstable/podaa-bb/ID"), some(Kubernetes, "ID"));
}

#[test]
fn units_end_where_a_container_begins() {
    let inside =
        "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope/system.slice/nginx.service";
    assert_eq!(unit(inside), Some(format!("libpod-{ID}.scope")));
}

#[test]
fn pods() {
    let uid = "8c3f2f9e-21c7-4b4f-9b39-1d2b6f0e7a11";
    let slice = format!("kubepods-burstable-pod{}.slice", uid.replace('-', "_"));
    for path in [
        format!("/kubepods.slice/kubepods-burstable.slice/{slice}/cri-containerd-ID.scope"),
        format!("/kubepods.slice/kubepods-burstable.slice/{slice}/crio-ID.scope"),
        format!("/kubepods/besteffort/pod{uid}/ID"),
        format!("/kubepods/pod{uid}/ID"),
    ] {
        let found = facts(&path).container.unwrap();
        assert_eq!(found.pod.as_deref(), Some(uid.as_bytes()), "{path}");
        assert_eq!((found.kind, &*found.id), (ContainerKind::Kubernetes, ID.as_bytes()), "{path}");
    }
    let pause = facts(&format!("/kubepods/pod{uid}")).container.unwrap();
    assert_eq!((pause.pod.as_deref(), &*pause.id), (Some(uid.as_bytes()), &b""[..]));
}
