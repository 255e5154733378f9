import pytest

from archive.agencies.registry import LEVELS, registry


@pytest.mark.parametrize(
    ("written", "district", "agency_id", "level"),
    [
        ("南岗区工业信息科技局", None, "nangangqu-gongyexinxikejiju", "district_department"),
        ("哈尔滨市南岗区工业信息科技局", None, "nangangqu-gongyexinxikejiju", "district_department"),
        ("区工业信息科技局", "南岗区", "nangangqu-gongyexinxikejiju", "district_department"),
        ("木兰县住建局", None, "mulanxian-zhufanghechengxiangjiansheju", "district_department"),
        ("住建局", "木兰县", "mulanxian-zhufanghechengxiangjiansheju", "district_department"),
        ("哈尔滨市", None, "haerbinshi-renminzhengfu", "city"),
        ("哈尔滨市人民政府", None, "haerbinshi-renminzhengfu", "city"),
        ("黑龙江省哈尔滨市商务局", None, "haerbinshi-shangwuju", "city_department"),
        ("市商务局", None, "haerbinshi-shangwuju", "city_department"),
        ("道里区 经纬街道", None, "daoliqu-jingweijiedaobanshichu", "township"),
        ("五常市背荫河镇", None, "wuchangshi-beiyinhezhenrenminzhengfu", "township"),
        ("五常市背荫河镇人民政府", None, "wuchangshi-beiyinhezhenrenminzhengfu", "township"),
        ("五常市场监督管理局", None, "wuchangshi-shichangjianduguanliju", "district_department"),
        ("五常市市场监督管理局", None, "wuchangshi-shichangjianduguanliju", "district_department"),
        ("阿城区机关后勤服务中心", None, "achengqu-jiguanhouqinfuwuzhongxin", "institution"),
        # A second plate, the government before its body's name, the city's bodies in a district.
        ("哈尔滨市农业农村局（哈尔滨市乡村振兴局）", None, "haerbinshi-nongyenongcunju", "city_department"),
        ("平房区(哈经开区)", None, "pingfangqu-renminzhengfu", "district"),
        ("道里区人民政府经纬街道办事处", None, "daoliqu-jingweijiedaobanshichu", "township"),
        ("哈尔滨市人民政府外事办公室", None, "haerbinshi-waishibangongshi", "city_department"),
        ("市政府外事办公室", None, "haerbinshi-waishibangongshi", "city_department"),
        ("哈尔滨市公安局道里分局", None, "daoliqu-gonganfenju", "district_department"),
        ("道里公安分局", None, "daoliqu-gonganfenju", "district_department"),
        ("哈尔滨市呼兰生态环境局", None, "hulanqu-shengtaihuanjingju", "district_department"),
        ("哈尔滨市生态环境局南岗分局", None, "nangangqu-shengtaihuanjingju", "district_department"),
        ("哈尔滨市自然资源和规划局阿城分局", None, "achengqu-ziranziyuanju", "district_department"),
        ("国家税务总局哈尔滨市南岗区税务局", None, "nangangqu-guojiashuiwuzongjushuiwuju", "district_department"),
        ("国家税务总局哈尔滨市税务局", None, "haerbinshi-guojiashuiwuzongjushuiwuju", "city_department"),
        ("道外区城市管理综合执法局", None, "daowaiqu-chengshiguanlihexingzhengzhifaju", "district_department"),
        (
            "哈尔滨高新技术产业开发区管委会",
            None,
            "haerbinshi-haerbingaoxinjishuchanyekaifaquguanliweiyuanhui",
            "city_department",
        ),
        ("宾县公安局", None, "binxian-gonganju", "district_department"),
    ],
)
def test_a_body_is_known_by_every_name_it_goes_by(written, district, agency_id, level):
    agency = registry().resolve(written, district=district)
    assert (agency.id, agency.level) == (agency_id, level)


def test_what_only_looks_like_a_second_plate_or_a_branch_is_a_body_of_its_own():
    for written, office in (
        ("哈尔滨市政府采购中心", "政府采购中心"), ("哈尔滨市道外综合服务局", "道外综合服务局"),
        ("哈尔滨市人民政府台湾事务办公室", "台湾事务办公室"),
    ):  # fmt: skip
        agency = registry().resolve(written)
        assert (agency.office, agency.district, agency.known) == (office, None, False)
    assert registry().resolve("哈尔滨新区管理委员会").name == "哈尔滨新区管理委员会"
    assert registry().elsewhere("国家税务总局齐齐哈尔市税务局") == "齐齐哈尔市"


def test_a_body_nobody_listed_gets_an_id_and_says_so():
    agency = registry().resolve("南岗区王岗镇")
    assert (agency.id, agency.level, agency.known) == ("nangangqu-wanggangzhenrenminzhengfu", "township", False)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("齐齐哈尔市财政局", "齐齐哈尔市"),
        ("长春市", "长春市"),
        ("哈尔滨市财政局", None),
        ("木兰县城市管理局", None),
        ("区城市管理局", None),
        ("五常市教育局", None),
        ("哈尔滨新区市场监督管理局", None),
        ("南岗市场监督管理局", None),
        ("红旗街道市场办", None),
        ("市民政局", None),
        ("大庆市市场监督管理局", "大庆市"),
        ("兴安盟外事办公室", "兴安盟"),
        ("大庆市民政局", "大庆市"),
        ("长春市政府办公室", "长春市"),
        ("齐齐哈尔市政务服务局", "齐齐哈尔市"),
        ("南岗市政工程处", None),
        ("南岗市容管理局", None),
        ("产业创新联盟", None),
        ("物流联盟办公室", None),
        ("锡林郭勒盟财政局", "锡林郭勒盟"),
        ("吉林省财政厅", "吉林省"),
    ],
)
def test_another_citys_bodies_are_told_apart(name, place):
    assert registry().elsewhere(name) == place


def test_ids_in_the_registry_are_unique_and_levels_known():
    data = registry()
    assert len({district.slug for district in data.districts.values()}) == len(data.districts) == 18
    for level in ("city_department", "district_department"):
        slugs = [office.slug for office in data.offices if office.level == level]
        assert len(slugs) == len(set(slugs))
    assert {office.level for office in data.offices} <= set(LEVELS)


def test_bodies_that_sound_alike_never_share_an_identifier():
    resolve = registry().resolve
    names = ["税务局", "水务局", "水雾局", "水污局"]
    ids = [resolve("南岗区" + name).id for name in names] + [resolve("哈尔滨市" + name).id for name in names]
    assert len(set(ids)) == len(ids)
    assert resolve("南岗区水雾局").id == resolve("南岗区水雾局").id
